import { type ReactElement, type ReactNode, useMemo } from 'react';
import { ExpandGroup } from 'molstar/lib/mol-plugin-ui/controls/common.js';
import { ParameterControls } from 'molstar/lib/mol-plugin-ui/controls/parameters.js';
import { ParamDefinition as PD } from 'molstar/lib/mol-util/param-definition.js';
import { labelOf, type ParameterField, type RecipeForm } from '../core/index.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** Parameters that are looked at with every run; the others stand under "More options". */
const first = new Set(['symmetry', 'network']);

/** The parameters of a recipe as Mol*'s own controls; `children` stand with the rarer ones. */
export function Options({ form, children }: { readonly form: RecipeForm; readonly children: ReactNode }): ReactElement {
  const bench = useWorkbench();
  const { parameters } = useSignal(bench.draft);
  const [main, more] = useMemo(
    () => [
      definitions(form.parameters.filter(({ name }) => first.has(name))),
      definitions(form.parameters.filter(({ name }) => !first.has(name))),
    ],
    [form],
  );
  const fields = new Map(form.parameters.map((field) => [field.name, field]));
  const shown = Object.fromEntries(
    form.parameters.map((field) => [field.name, toControl(field, parameters[field.name])]),
  );
  const onChange = ({ name, value }: { readonly name: string; readonly value: unknown }): void => {
    const field = fields.get(name);
    if (field !== undefined) bench.choose({ parameters: { ...parameters, [name]: fromControl(field, value) } });
  };
  return (
    <>
      <ParameterControls params={main} values={shown} onChange={onChange} />
      {Object.keys(more).length > 0 && (
        <ExpandGroup header="More options">
          {children}
          <ParameterControls params={more} values={shown} onChange={onChange} />
        </ExpandGroup>
      )}
    </>
  );
}

function definitions(fields: readonly ParameterField[]): PD.Params {
  return Object.fromEntries(fields.map((field) => [field.name, definition(field)]));
}

/** Without a default the daemon works the value out from the data; such a field is a text that may stay empty. */
function definition(field: ParameterField): PD.Any {
  const { name, unit, description, preset } = field;
  const info = { label: `${labelOf(name)}${unit === undefined ? '' : ` (${unit})`}`, description };
  const text = { ...info, placeholder: 'automatic', disableInteractiveUpdates: true };
  switch (field.kind) {
    case 'switch':
      return PD.Boolean(preset === true, info);
    case 'choice':
      return PD.Select(
        typeof preset === 'string' ? preset : (field.choices[0] ?? ''),
        PD.arrayToOptions([...field.choices]),
        info,
      );
    case 'number':
      if (typeof preset !== 'number') return PD.Text('', text);
      return PD.Numeric(preset, { ...(field.whole && { step: 1 }) }, { ...info, immediateUpdate: true });
    case 'numbers':
    case 'text':
      return PD.Text(toText(preset), text);
  }
}

const toText = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** What a control shows for a chosen value, or for none. */
function toControl(field: ParameterField, value: unknown): unknown {
  const held = value ?? field.preset;
  if (field.kind === 'switch') return held === true;
  if (field.kind === 'number' && typeof field.preset === 'number') return held;
  if (field.kind === 'choice') return held ?? field.choices[0];
  return toText(held);
}

/** What is sent for what a control shows; undefined leaves it to the daemon. What is no number goes as it is: the daemon says what it expects. */
function fromControl(field: ParameterField, shown: unknown): unknown {
  if (typeof shown !== 'string' || field.kind === 'choice') return shown;
  const text = shown.trim();
  if (text === '') return undefined;
  if (field.kind === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (field.kind === 'numbers')
    return text.split(/[\s,]+/).map((part) => (Number.isNaN(Number(part)) ? part : Number(part)));
  return text;
}
