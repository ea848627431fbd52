import { type ReactElement, type ReactNode, useId } from 'react';

/** One line of the panel: what it is, and the control, which screen readers get the label of. */
export function Row({
  label,
  title,
  children,
}: {
  readonly label: string;
  readonly title?: string | undefined;
  readonly children: (id: string) => ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <div className="msp-control-row" title={title}>
      <span className="msp-control-row-label">
        <label htmlFor={id}>{label}</label>
      </span>
      <div className="msp-control-row-ctrl">{children(id)}</div>
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Letters of a name that fit into a list. */
const mostLetters = 21;

/** File names differ at their ends, so the middle is left out. */
const shortened = (name: string): string =>
  name.length <= mostLetters ? name : `${name.slice(0, 9)}…${name.slice(10 - mostLetters)}`;

/** A list to choose from, by mouse or keyboard. */
export function Select({
  label,
  title,
  value,
  choices,
  none,
  onChange,
}: {
  readonly label: string;
  readonly title?: string;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  /** Text for choosing nothing; without it something must be chosen. */
  readonly none?: string;
  readonly onChange: (value: string | undefined) => void;
}): ReactElement {
  return (
    <Row label={label} title={title}>
      {(id) => (
        <select
          id={id}
          className="msp-form-control"
          title={choices.find((choice) => choice.value === value)?.label}
          value={value ?? ''}
          onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
        >
          {(none !== undefined || value === undefined) && <option value="">{none ?? '–'}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} title={choice.label}>
              {shortened(choice.label)}
            </option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** A slider with its number beside it; both say the same and both can be typed or moved with the arrow keys. */
export function Slider({
  label,
  name = label,
  title,
  value,
  min,
  max,
  step,
  unit = '',
  onChange,
}: {
  readonly label: string;
  /** What screen readers say, where the label alone is not clear. */
  readonly name?: string;
  readonly title?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
}): ReactElement {
  const set = (text: string): void => {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number)) onChange(number);
  };
  const rounded = Number(value.toPrecision(4));
  return (
    <Row label={label} title={title}>
      {(id) => (
        <div className="locscale-slider">
          <input
            id={id}
            type="range"
            aria-label={name}
            {...{ min, max, step }}
            value={value}
            onChange={({ target }) => set(target.value)}
          />
          <input
            type="number"
            className="msp-form-control"
            aria-label={`${name}${unit === '' ? '' : `, ${unit}`}`}
            step={step}
            value={rounded}
            onChange={({ target }) => set(target.value)}
          />
          <span className="locscale-unit">{unit}</span>
        </div>
      )}
    </Row>
  );
}

export interface Side {
  readonly name: string;
  readonly text: string;
  readonly on: boolean;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** Buttons side by side, pressed or not. */
export function Buttons({ label, sides }: { readonly label: string; readonly sides: readonly Side[] }): ReactElement {
  return (
    <div className="msp-control-row" role="group" aria-label={label}>
      <span className="msp-control-row-label">{label}</span>
      <div className="msp-control-row-ctrl locscale-buttons">
        {sides.map(({ name, text, on, title, disabled = false, onClick }) => (
          <button
            key={name}
            type="button"
            data-name={name}
            className={`msp-btn ${on ? 'msp-btn-commit-on msp-btn-commit' : ''}`}
            aria-pressed={on}
            {...{ title, disabled, onClick }}
          >
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}
