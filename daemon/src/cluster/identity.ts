import { readFile, readlink } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { z } from 'zod';
import { isSameProcess, processStartTime } from '../jobs/process-identity.js';

export const identitySchema = z.object({
  host: z.string(),
  /** Containers of one host may count processes of their own. */
  processTable: z.string(),
  pid: z.int(),
  started: z.string().nullable(),
  /** Processors that it may use, by number; null where the system does not say which, only how many. */
  processors: z.array(z.int()).nullable(),
  threads: z.int(),
});
/** A process among those of several hosts. */
export type Identity = z.infer<typeof identitySchema>;

export async function identityOfThisProcess(): Promise<Identity> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const list = /^Cpus_allowed_list:\s*(\S+)$/mu.exec(status)?.[1];
  return {
    host: hostname(),
    processTable: await processTable(),
    pid: process.pid,
    started: await processStartTime(process.pid),
    processors: list === undefined ? null : numbersOf(list),
    threads: availableParallelism(),
  };
}

/** Whether a process has certainly ended; of those elsewhere nothing can be said. */
export async function hasEnded({ host, processTable: table, pid, started }: Identity): Promise<boolean> {
  if (host !== hostname() || table !== (await processTable()) || started === null) return false;
  return !(await isSameProcess(pid, started));
}

/**
 * Threads for each rank: a processor that several ranks may use is divided among them (mpirun binds ranks to cores, to sockets or
 * not at all, by their number and its version).
 */
export function threadsOf(ranks: readonly Identity[]): readonly number[] {
  const users = new Map<string, number>();
  const processorsOf = ({ host, processors, threads }: Identity): readonly string[] =>
    (processors ?? Array.from({ length: threads }, (_, i) => i)).map((number) => `${host} ${number}`);
  for (const rank of ranks)
    for (const processor of processorsOf(rank)) users.set(processor, (users.get(processor) ?? 0) + 1);
  return ranks.map((rank) => {
    const share = processorsOf(rank).reduce((sum, processor) => sum + 1 / (users.get(processor) ?? 1), 0);
    // A third three times is not quite 1.
    return Math.max(1, Math.min(rank.threads, Math.floor(share + 1e-6)));
  });
}

const processTable = (): Promise<string> => readlink('/proc/self/ns/pid').catch(() => '');

/** `0-2,5` → 0, 1, 2, 5. */
function numbersOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
