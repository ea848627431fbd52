/**
 * The engine process: forked by the daemon, does one task at a time, and dies with its parent. All kernels run on
 * other threads, so this one stays free to hear a cancel and to say that it is alive.
 */
import type { Slab, FromEngine, Task, TaskProgress, TaskResult, ToEngine } from './messages.js';
import type { TaskHooks } from './context.js';
import { LocScaleError } from '@chimerax-like/rpc';
import { lowerPriority } from './priority.js';
import { toWireError } from './wire-error.js';

/** How often the supervisor hears that this process is alive, and how often a progress message may go out, ms. */
const aliveEveryMs = 500;
const progressEveryMs = 100;

type RunTask = (task: Task, hooks: TaskHooks) => Promise<TaskResult>;

const [storeFolder = '', niceness = '0', daemon = ''] = process.argv.slice(2);

/** Said by the parent itself: one that is gone before this line has left its child to another process. */
const parent = Number(daemon);
const running = new Map<string, AbortController>();

function send(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

/** Loads the addon; its absence is reported, not fatal, so that the user reads a sentence instead of an exit status. */
async function loadEngine(): Promise<RunTask> {
  try {
    const native = await import('@locscale/native');
    const { runTask } = await import('./tasks.js');
    const { simd } = native.nativeInfo();
    if (!native.dieWithParent(parent)) process.kill(process.pid, 'SIGKILL');
    send({ kind: 'ready', simd, reason: null });
    const { openStore } = await import('../store/index.js');
    const store = await openStore(storeFolder, (reason) => process.stderr.write(`${reason}\n`));
    return (task, hooks) => runTask(task, hooks, store);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    send({ kind: 'ready', simd: null, reason });
    return () => Promise.reject(new LocScaleError('engine.missing', reason, {}, { cause }));
  }
}

async function run(runTask: RunTask, id: string, task: Task): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  let last = { at: 0, step: '' };
  const onProgress = (progress: TaskProgress): void => {
    const now = performance.now();
    // A new step is always told: if the process dies in it, that is what the user reads.
    if (progress.step === last.step && now - last.at < progressEveryMs) return;
    last = { at: now, step: progress.step };
    send({ kind: 'progress', id, progress });
  };
  const onSlab = (slab: Slab): void => send({ kind: 'slab', id, slab });
  try {
    const result = await runTask(task, { signal: controller.signal, onProgress, onSlab });
    send({ kind: 'done', id, result });
  } catch (error) {
    // A defect: its text goes into the log of the job.
    if (!(error instanceof LocScaleError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    send({ kind: 'failed', id, error: toWireError(error) });
  } finally {
    running.delete(id);
  }
}

if (Number(niceness) > 0) lowerPriority(Number(niceness));
const engine = loadEngine();

process.on('message', (message: ToEngine) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort();
  else void engine.then((runTask) => run(runTask, message.id, message.task));
});

// The daemon's own signals are for the daemon: a Ctrl-C in its terminal reaches the whole process group.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// Threads of a kernel may still run: leave at once, without waiting for them.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  send({ kind: 'alive' });
}, aliveEveryMs);
