/** What the steps of the set-up share: their form, how they speak, how they run a command. */
import { spawnSync } from 'node:child_process';

/**
 * @typedef {object} Step
 * @property {(root: string) => string | null} missing says in a few words what is missing, or null; a few milliseconds, no side effects
 * @property {(root: string, reason: string) => void} make makes it; throws SetupError with one sentence for people
 */

/** A set-up that cannot go on. The message is one sentence with the next step in it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} [output] last lines that the failed command wrote
   */
  constructor(message, output = '') {
    super(message);
    this.name = 'SetupError';
    this.output = output;
  }
}

/** @param {string} line To stderr, so that `npm run … --json` keeps stdout for its own output. */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

const keptLines = 60;

/**
 * Runs a command quietly; its last lines are shown only when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd: string, readonly env?: NodeJS.ProcessEnv, readonly failure: string }} options
 */
export function run(command, args, { cwd, env = process.env, failure }) {
  const result = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (result.error !== undefined) throw new SetupError(`${failure} (${result.error.message})`);
  if (result.status === 0) return;
  const lines = `${result.stdout}${result.stderr}`.trimEnd().split('\n');
  if (result.signal !== null) lines.push(`${command} was ended by ${result.signal}`);
  throw new SetupError(failure, lines.slice(-keptLines).join('\n'));
}
