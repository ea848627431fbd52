import type { StatePaths } from '../state.js';
import { ContextTasks } from './context-tasks.js';
import { EngineSlot } from './engine-pool.js';
import { HashAhead } from './hash-ahead.js';
import { HelperQueue } from './helper-queue.js';
import type { JobEvent } from './job-events.js';
import { JobService } from './job-service.js';
import { JobTable } from './job-table.js';
import { Journal } from './journal.js';
import type { Log } from './log.js';
import { memoryBudget } from './memory-budget.js';
import { MemoryGate } from './memory-gate.js';
import { ModelRegistry } from './model-registry.js';
import { NetworkTasks } from './network-tasks.js';
import { VolumeRegistry } from './volume-registry.js';
import { VolumeTasks } from './volume-tasks.js';
import { WorkersFile } from './workers-file.js';

export interface WorkshopOptions {
  readonly paths: StatePaths;
  readonly log: Log;
  readonly publish: (event: JobEvent) => void;
  /** Silence after which an engine counts as hanging, ms. */
  readonly watchdogMs: number;
  /** Budget of all engines together, bytes; what `memoryBudget` finds when not given. */
  readonly memoryBytes: number | undefined;
}

/** Everything behind the sockets: volumes, models, jobs, engines. */
export interface Workshop {
  readonly registry: VolumeRegistry;
  readonly models: ModelRegistry;
  readonly gate: MemoryGate;
  /** The engine of the jobs. */
  readonly engine: EngineSlot;
  readonly tasks: VolumeTasks;
  readonly contexts: ContextTasks;
  readonly networks: NetworkTasks;
  readonly jobs: JobService;
  /** Gives the running job until the deadline, then ends all engines. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

/** Brings back what an earlier daemon left, ends the engines it left behind, and warms up an engine. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const { paths, log, publish, watchdogMs, memoryBytes } = options;
  const workers = new WorkersFile(paths.workersFile);
  const leftovers = await workers.endLeftovers();
  const gate = new MemoryGate(memoryBytes ?? (await memoryBudget()));
  const parts = { workers, log, watchdogMs, storeFolder: paths.store };
  // Jobs give way to the daemon and to viewers; for what the helper does somebody waits, also while a job runs.
  const engine = new EngineSlot({ ...parts, niceness: 10 });
  const helper = new EngineSlot({ ...parts, niceness: 0 });
  const hashAhead = new HashAhead(engine);
  const registry = new VolumeRegistry(paths.volumes, (path) => hashAhead.add(path));
  await registry.load();
  const output = (text: string): void => log('warn', 'engine.output', { text: text.trim() });
  const helperQueue = new HelperQueue(helper, gate, output);
  const tasks = new VolumeTasks(registry, helperQueue);
  const contexts = new ContextTasks(registry, helperQueue);
  const networks = new NetworkTasks(paths.networks, helperQueue);
  const models = new ModelRegistry(paths.models, helperQueue);
  await models.load();
  const journal = new Journal(paths.journal);
  const table = new JobTable(journal, publish, log);
  const jobs = new JobService({ table, registry, models, engine, publish, logFolder: paths.logs }, gate);
  await jobs.resume(leftovers);
  void engine.info();
  const stop = async (deadlineMs: number): Promise<void> => {
    await jobs.stop(deadlineMs);
    await Promise.all([engine.stop(), helper.stop(), registry.settle()]);
    await journal.close();
  };
  return { registry, models, gate, engine, tasks, contexts, networks, jobs, stop };
}
