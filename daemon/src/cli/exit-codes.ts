import { errorTable, type ErrorKind } from '@chimerax-like/rpc';

/** Exit codes of `locscale`; docs/command-line.md repeats this table and a test compares the two. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done' },
  internal: { code: 1, meaning: 'a defect or a crash of the engine; also `locscale` without arguments' },
  usage: { code: 2, meaning: 'the command line is incomplete, contradictory or has a bad value' },
  input: { code: 3, meaning: 'an input cannot be used, or a named job, volume or model does not exist' },
  output: { code: 4, meaning: 'the output cannot be written' },
  cancelled: { code: 5, meaning: 'cancelled' },
  unavailable: { code: 6, meaning: 'the daemon or the native addon is not available' },
  limit: { code: 7, meaning: 'a limit of memory, size or queue is reached' },
  notYet: { code: 8, meaning: 'an option or command of LocScale that this version does not have yet' },
  interrupted: { code: 130, meaning: 'left at once after a second Ctrl-C' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>;

export type Outcome = keyof typeof exitCodes;

/** Kinds of errors that only the command line makes; they never cross the wire. */
export type CommandLineErrorKind = 'command-line.usage' | 'command-line.not-yet';

type Namespace<K> = K extends `${infer N}.${string}` ? N : never;

/** What each namespace of error kinds means for the exit code; a new namespace does not compile without an entry. */
const outcomeOfNamespace: Readonly<Record<Namespace<ErrorKind | CommandLineErrorKind>, Outcome>> = {
  rpc: 'internal',
  input: 'input',
  output: 'output',
  volume: 'input',
  model: 'input',
  job: 'input',
  engine: 'internal',
  limit: 'limit',
  viewer: 'input',
  access: 'unavailable',
  daemon: 'unavailable',
  connection: 'unavailable',
  'command-line': 'usage',
};

/** Kinds whose outcome differs from that of their namespace. */
const exceptions: Readonly<Partial<Record<ErrorKind | CommandLineErrorKind, Outcome>>> = {
  'rpc.unknown-method': 'usage',
  'rpc.invalid-params': 'usage',
  'input.parameter': 'usage',
  'job.cancelled': 'cancelled',
  'engine.missing': 'unavailable',
  'access.path': 'input',
  'viewer.unreachable': 'unavailable',
  'viewer.refused': 'unavailable',
  'command-line.not-yet': 'notYet',
};

const isNamespace = (name: string): name is keyof typeof outcomeOfNamespace => Object.hasOwn(outcomeOfNamespace, name);
const isKnownKind = (kind: string): kind is ErrorKind | CommandLineErrorKind =>
  Object.hasOwn(errorTable, kind) || kind === 'command-line.usage' || kind === 'command-line.not-yet';

/** Exit code for an error kind; a kind that this version does not know (newer daemon) falls back to its namespace. */
export function exitCodeOf(kind: string): number {
  const exception = isKnownKind(kind) ? exceptions[kind] : undefined;
  if (exception !== undefined) return exitCodes[exception].code;
  const namespace = kind.slice(0, Math.max(0, kind.indexOf('.')));
  return exitCodes[isNamespace(namespace) ? outcomeOfNamespace[namespace] : 'internal'].code;
}
