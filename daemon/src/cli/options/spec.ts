/** Whether an option of LocScale does something in this version. */
export type Availability = 'works' | 'ignored';

/** One option of the sharpening command. */
export interface OptionSpec {
  /** Long name as users write it: LocScale's with underscores (`halfmap_paths`), ours with dashes. */
  readonly name: string;
  /** LocScale's short name without the dash; often several letters, e.g. `hm`. */
  readonly short: string | null;
  /** Placeholders of the values, e.g. `<half1> <half2>`; empty for a switch, ending in `...` for one or more. */
  readonly values: string;
  readonly availability: Availability;
  /** What it does; for `ignored`, why nothing happens. Null: the recipe descriptors say it. */
  readonly help: string | null;
}

type Declare = (short: string | null, name: string, values: string, help?: string) => OptionSpec;

const declare =
  (availability: Availability): Declare =>
  (short, name, values, help) => ({ short, name, values, availability, help: help ?? null });

/** Works in this version. */
export const works = declare('works');
/** Accepted with a note: it has no effect, as in LocScale or by design here. */
export const ignored = declare('ignored');

/** The spelling that commander sees: `--halfmap-paths`. */
export const longFlag = (spec: OptionSpec): string => `--${spec.name.replaceAll('_', '-')}`;
/** The spelling that users of LocScale know: `-hm, --halfmap_paths`, or `--apply_fsc_filter`. */
export const userFlag = (spec: OptionSpec): string =>
  spec.short === null ? `--${spec.name}` : `-${spec.short}, --${spec.name}`;
/** Key of the value in commander's result: `halfmapPaths`. */
export const optionKey = (spec: OptionSpec): string =>
  spec.name.replaceAll(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());

/** How many values an option takes: none, exactly one, exactly two, or one and more. */
export type Arity = 'none' | 'one' | 'two' | 'many';
export const arityOf = (spec: OptionSpec): Arity => {
  if (spec.values === '') return 'none';
  if (spec.values.endsWith('...')) return 'many';
  return spec.values.includes(' ') ? 'two' : 'one';
};
