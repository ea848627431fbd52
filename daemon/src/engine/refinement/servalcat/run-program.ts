import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LocScaleError } from '@chimerax-like/rpc';

/** Lines of the log that an error carries. */
const tailLines = 40;

export interface ProgramRun {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/**
 * Runs a program in its own process group, so that a cancel ends what it has started, too. Rejects with the end of its log when
 * it does not end with 0; gives this end back when it does.
 */
export async function runProgram({ path, args, folder, signal, onLine }: ProgramRun): Promise<readonly string[]> {
  if (isAborted(signal)) throw new LocScaleError('job.cancelled', 'The refinement was cancelled before it began.');
  const child = spawn(path, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const tail: string[] = [];
  const hear = (line: string): void => {
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended by itself.
    }
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code, killedBy] = await new Promise<readonly [number | null, NodeJS.Signals | null]>((settle, fail) => {
      child.once('error', fail);
      child.once('close', (exitCode, exitSignal) => settle([exitCode, exitSignal]));
    });
    if (isAborted(signal)) throw new LocScaleError('job.cancelled', 'The refinement was cancelled.');
    if (code !== 0)
      throw ended(path, code === null ? `was killed (${killedBy ?? '?'})` : `ended with code ${code}`, tail);
    return tail;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Asked each time: it changes while a program runs. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** The error for a program that did not do its work: the line that says why, and the end of the log for programs. */
export function ended(path: string, how: string, log: readonly string[]): LocScaleError {
  const told = log.findLast((line) => /error/iu.test(line)) ?? log.findLast((line) => line.trim() !== '');
  return new LocScaleError(
    'engine.crashed',
    `${path} ${how}${told === undefined ? ' and said nothing' : `: ${told.trim()}`}; correct what it complains of, or use the built-in engine.`,
    { log },
  );
}
