import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';

/** Share of the limit that jobs may use; the rest is for the daemon, the viewer and the page cache. */
const jobShare = 0.8;

/** Bytes that all running engines together may use: cgroup v2 or v1 limit, else the machine's memory, times 0.8. */
export async function memoryBudget(): Promise<number> {
  return Math.floor(jobShare * Math.min(totalmem(), await cgroupLimit()));
}

/** The smallest memory limit of this process's control groups and their parents; Infinity when there is none. */
async function cgroupLimit(): Promise<number> {
  const groups = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const files = groups.split('\n').flatMap((line) => limitFiles(line));
  const limits = await Promise.all(files.map(readLimit));
  return Math.min(Infinity, ...limits);
}

/** Limit files of one line of /proc/self/cgroup, `id:controllers:path`, from the group up to the root. */
function limitFiles(line: string): string[] {
  const [id, controllers, ...rest] = line.split(':');
  const v2 = id === '0' && controllers === '';
  if (!v2 && !(controllers ?? '').split(',').includes('memory')) return [];
  const root = v2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
  const name = v2 ? 'memory.max' : 'memory.limit_in_bytes';
  const parts = rest.join(':').split('/').filter(Boolean);
  return Array.from({ length: parts.length + 1 }, (_, n) => [root, ...parts.slice(0, n), name].join('/'));
}

async function readLimit(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => 'max');
  const value = Number(text.trim());
  return Number.isFinite(value) && value > 0 ? value : Infinity;
}

/** Number of processes of this control group that the kernel has killed for memory so far; null where it does not say. */
export async function oomKills(): Promise<number | null> {
  const groups = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const path = /^0::(.*)$/m.exec(groups)?.[1];
  if (path === undefined) return null;
  const events = await readFile(`/sys/fs/cgroup${path === '/' ? '' : path}/memory.events`, 'utf8').catch(() => '');
  const count = /^oom_kill (\d+)$/m.exec(events)?.[1];
  return count === undefined ? null : Number(count);
}
