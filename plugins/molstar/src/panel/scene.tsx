import { type ReactElement, useState } from 'react';
import { packScene, saveScene, sceneEnding, toMolViewSpec } from '../core/index.js';
import { Buttons } from './row.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** What is on the screen as a link or a file: both name volumes of the daemon and hold no voxels. */
export function SceneToKeep(): ReactElement | null {
  const bench = useWorkbench();
  const maps = useSignal(bench.mirror.maps);
  const [link, setLink] = useState('');
  if (maps.length === 0) return null;
  const makeLink = async (): Promise<void> => {
    const address = `${bench.link.url}/view/#scene=${await packScene(saveScene(bench))}`;
    setLink(address);
    // Without the browser's leave it can still be copied from the field.
    await navigator.clipboard.writeText(address).catch(() => undefined);
  };
  const sides = [
    {
      name: 'scene-link',
      text: 'Link',
      on: false,
      title:
        'Copy a link to this scene; it opens in this browser, on this machine, as long as the daemon holds the maps',
      onClick: () => void bench.attempt(makeLink),
    },
    {
      name: 'scene-file',
      text: 'File',
      on: false,
      title: 'Save this scene as a small file; drop it here to bring the scene back',
      onClick: () => save(`scene${sceneEnding}`, JSON.stringify(saveScene(bench), null, 1), 'application/json'),
    },
    {
      name: 'scene-mvsx',
      text: 'MolViewSpec',
      on: false,
      title: 'Save what is drawn, maps included, as a MolViewSpec archive that any Mol* opens without a daemon',
      onClick: () => void bench.attempt(async () => save('scene.mvsx', await toMolViewSpec(bench), 'application/zip')),
    },
  ];
  return (
    <>
      <Buttons label="Save scene" sides={sides} />
      {link !== '' && (
        <input
          type="text"
          readOnly
          className="msp-form-control"
          data-name="scene-address"
          aria-label="Link to this scene"
          value={link}
          onFocus={({ target }) => target.select()}
        />
      )}
    </>
  );
}

/** Hands something to the browser as a file to keep. */
function save(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  Object.assign(anchor, { href: address, download: name });
  anchor.click();
  // Long enough for the browser to have taken it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
