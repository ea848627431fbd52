import type { ReactElement } from 'react';
import { Button } from 'molstar/lib/mol-plugin-ui/controls/common.js';
import { type Draft, type InputField, labelOf, mapToSharpen } from '../core/index.js';
import { Options } from './options.js';
import { type Choice, Row, Select } from './row.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** What is sharpened, how, and the button for it. */
export function Inputs(): ReactElement | null {
  const bench = useWorkbench();
  const recipes = useSignal(bench.recipes);
  const draft = useSignal(bench.draft);
  const volumes = useSignal(bench.volumes);
  const models = useSignal(bench.models.models).map(({ id, name }) => ({ value: id, label: name }));
  const state = useSignal(bench.link.state);
  const online = state.kind === 'online';
  const takesPaths = online && state.hello.capabilities.includes('paths');
  const form = recipes.find(({ name }) => name === draft.recipe);
  if (form === undefined) return null;
  const choices = volumes.map(({ id, name, source }) => ({
    value: id,
    label: source === 'job' ? `${name} (result)` : name,
  }));
  const input = (field: InputField): ReactElement => (
    <Input
      key={field.name}
      field={field}
      draft={draft}
      choices={choices}
      models={models}
      onChange={(change) => bench.choose(change)}
    />
  );
  return (
    <>
      <Select
        label="Mode"
        title={form.summary}
        value={draft.recipe}
        choices={recipes.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={(recipe) => recipe !== undefined && bench.choose({ recipe, recipeChosen: true })}
      />
      {form.inputs.filter(isMain).map(input)}
      <Options form={form}>{form.inputs.filter((field) => !isMain(field)).map(input)}</Options>
      {takesPaths && (
        <Row
          label="Save as"
          title="File on the daemon's machine; without it the result stays in the daemon. A report needs it."
        >
          {(id) => (
            <input
              id={id}
              type="text"
              data-name="save-as"
              placeholder="not saved"
              value={draft.saveAs}
              onChange={({ target }) => bench.choose({ saveAs: target.value })}
            />
          )}
        </Row>
      )}
      <div className="msp-flex-row">
        <Button
          commit="on"
          className="locscale-sharpen"
          disabled={!online || mapToSharpen(draft) === undefined}
          title={form.summary}
          onClick={() => void bench.attempt(() => bench.sharpen())}
        >
          Sharpen
        </Button>
      </div>
    </>
  );
}

/** Inputs that every run needs or most have; the others stand under "More options". */
const isMain = ({ name, kind, required }: InputField): boolean =>
  required || kind !== 'volume' || name === 'map' || name === 'mask';

function Input({
  field,
  draft,
  choices,
  models,
  onChange,
}: {
  readonly field: InputField;
  readonly draft: Draft;
  readonly choices: readonly Choice[];
  readonly models: readonly Choice[];
  readonly onChange: (change: Partial<Draft>) => void;
}): ReactElement {
  const { name, kind, required, description: title } = field;
  const none = required ? 'choose …' : 'none';
  switch (kind) {
    case 'half maps':
      return (
        <>
          {([0, 1] as const).map((half) => (
            <Select
              key={half}
              label={`Half map ${half + 1}`}
              value={draft.halfMaps[half]}
              {...{ title, choices, none }}
              onChange={(volume) => {
                const [one, two] = draft.halfMaps;
                // Half maps and a map exclude each other: what was chosen last holds.
                const others = { ...draft.volumes, map: undefined };
                onChange({
                  halfMaps: half === 0 ? [volume, two] : [one, volume],
                  volumes: volume === undefined ? draft.volumes : others,
                });
              }}
            />
          ))}
        </>
      );
    case 'volume':
      return (
        <Select
          label={labelOf(name)}
          value={draft.volumes[name]}
          {...{ title, choices, none }}
          onChange={(volume) =>
            onChange({
              volumes: { ...draft.volumes, [name]: volume },
              ...(name === 'map' && volume !== undefined && { halfMaps: [undefined, undefined] as const }),
            })
          }
        />
      );
    case 'model': {
      const model = draft.models[name];
      return (
        <Select
          label={labelOf(name)}
          value={typeof model === 'string' ? model : undefined}
          choices={models}
          {...{ title, none }}
          onChange={(id) => onChange({ models: { ...draft.models, [name]: id } })}
        />
      );
    }
  }
}
