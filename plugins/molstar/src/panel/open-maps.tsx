import { type ReactElement, useId, useState } from 'react';
import { Button } from 'molstar/lib/mol-plugin-ui/controls/common.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** Ways to bring maps in: files from this computer, a path on the daemon's, an entry of EMDB. */
export function OpenMaps(): ReactElement {
  const bench = useWorkbench();
  const state = useSignal(bench.link.state);
  const [path, setPath] = useState('');
  const id = useId();
  const online = state.kind === 'online';
  const takesPaths = online && state.hello.capabilities.includes('paths');
  const openPath = (): void => {
    if (path.trim() === '') return;
    void bench.attempt(() => bench.openPath(path)).then((volume) => volume && setPath(''));
  };
  return (
    <>
      <div className="locscale-drop">
        <label htmlFor={id}>Drop half maps, a map, a mask or a model onto the viewer, or choose files:</label>
        <input
          id={id}
          type="file"
          multiple
          disabled={!online}
          accept=".mrc,.map,.ccp4,.gz,.bz2,.rec,.pdb,.ent,.cif,.mmcif,.json"
          onChange={({ target }) => {
            const files = [...(target.files ?? [])];
            target.value = '';
            if (files.length > 0) void bench.attempt(() => bench.openFiles(files));
          }}
        />
      </div>
      {online && (
        <form
          className="msp-flex-row"
          onSubmit={(event) => {
            event.preventDefault();
            openPath();
          }}
        >
          <input
            type="text"
            className="msp-form-control"
            data-name="path"
            aria-label={takesPaths ? "Path of a file on the daemon's machine, or entry of EMDB" : 'Entry of EMDB'}
            title="An entry of EMDB is fetched by the daemon, from EMDB alone and only when you open it here"
            placeholder={takesPaths ? 'path, or emdb:1234' : 'emdb:1234'}
            value={path}
            onChange={({ target }) => setPath(target.value)}
          />
          {/* It submits the form, as Enter does; a handler of its own would open the file twice. */}
          <Button flex="70px" disabled={path.trim() === ''}>
            Open
          </Button>
        </form>
      )}
    </>
  );
}
