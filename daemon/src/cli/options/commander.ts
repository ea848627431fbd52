import { type Command, Option } from 'commander';
import { recipeHelp } from './recipe-help.js';
import type { ParsedOptions } from './request.js';
import { arityOf, longFlag, optionKey, userFlag, type OptionSpec } from './spec.js';
import { optionGroups, options } from './table.js';

/** Adds LocScale's options to a command; those without effect here are parsed but left out of the help. */
export function addLocScaleOptions(
  command: Command,
  groups: Readonly<Record<string, readonly OptionSpec[]>> = optionGroups,
): Command {
  const help = recipeHelp();
  const specs = new Map<Option, OptionSpec>();
  for (const [group, members] of Object.entries(groups)) {
    for (const spec of members) {
      const option = optionOf(spec, spec.help ?? help.get(userFlag(spec))).helpGroup(`${group}:`);
      if (spec.availability !== 'works') option.hideHelp();
      specs.set(option, spec);
      command.addOption(option);
    }
  }
  command.addHelpOption(new Option('-h, --help', 'Print this help.').helpGroup('How to run:'));
  return spellAsUsers(command, specs);
}

/** Adds the options of a command that has few, in one list. */
export function addOptions(command: Command, members: readonly OptionSpec[]): Command {
  const specs = new Map(members.map((spec) => [optionOf(spec), spec]));
  for (const option of specs.keys()) command.addOption(option);
  return spellAsUsers(command, specs);
}

const optionOf = (spec: OptionSpec, help: string | undefined = spec.help ?? undefined): Option =>
  new Option(commanderFlags(spec), help ?? '');

/** The help shows LocScale's spelling (`-hm, --halfmap_paths <half1> <half2>`), not commander's. */
function spellAsUsers(command: Command, specs: ReadonlyMap<Option, OptionSpec>): Command {
  return command.configureHelp({
    optionTerm: (option) => {
      const spec = specs.get(option);
      return spec === undefined ? option.flags : `${userFlag(spec)} ${spec.values}`.trimEnd();
    },
  });
}

function commanderFlags(spec: OptionSpec): string {
  switch (arityOf(spec)) {
    case 'none':
      return longFlag(spec);
    case 'one':
      return `${longFlag(spec)} ${spec.values}`;
    case 'two':
    case 'many':
      return `${longFlag(spec)} <value...>`;
  }
}

/**
 * The options that were given. Commander reads `--no-daemon` as the opposite of an option `daemon` that is on by
 * default; LocScale's names mean themselves, so these come back under their own key.
 */
export function givenOptions(command: Command, table: readonly OptionSpec[] = options): ParsedOptions {
  const values: ParsedOptions = command.opts();
  const negative = table.filter((each) => /^no[-_]/.test(each.name));
  const own = negative.map((spec) => {
    const positive = optionKey({ ...spec, name: spec.name.slice('no-'.length) });
    return { positive, entry: [optionKey(spec), values[positive] === false ? true : undefined] as const };
  });
  const others = Object.entries(values).filter(([key]) => !own.some(({ positive }) => positive === key));
  return Object.fromEntries([...others, ...own.map(({ entry }) => entry)]);
}

/** Commander's message with the spelling that users know: `--halfmap-paths <value...>` → `-hm, --halfmap_paths …`. */
export function inUserSpelling(message: string): string {
  let text = message;
  for (const spec of options) {
    text = text.replace(`'${commanderFlags(spec)}'`, `${userFlag(spec)} ${spec.values}`.trimEnd());
  }
  return text;
}
