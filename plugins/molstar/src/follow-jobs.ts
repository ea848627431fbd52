import type { Job } from '@chimerax-like/rpc';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { Task } from 'molstar/lib/mol-task/index.js';
import { isActive, type Workbench } from './core/index.js';

/** How often Mol* is told of progress, ms; the daemon speaks at most four times a second. */
const every = 250;

/**
 * Shows running jobs among Mol*'s tasks, with their progress and its button for stopping them. The task only reflects the job,
 * which lives in the daemon: the scene stays free meanwhile. Returns what ends the following.
 */
export function followJobs(plugin: PluginContext, bench: Pick<Workbench, 'jobs' | 'titleOf'>): () => void {
  const { jobs } = bench;
  const followed = new Set<string>();
  const look = (): void => {
    for (const job of jobs.jobs.value) {
      if (!isActive(job) || followed.has(job.id)) continue;
      followed.add(job.id);
      void plugin.runTask(taskOf(job)).catch(() => undefined);
    }
  };
  const taskOf = ({ id, recipe }: Job): Task<void> =>
    Task.create(
      `LocScale: ${bench.titleOf(recipe)}`,
      async (ctx) => {
        for (let job = jobs.get(id); job !== undefined && isActive(job); job = jobs.get(id)) {
          const { fraction = 0, message = 'waiting' } = job.progress ?? {};
          const current = Math.round(100 * fraction);
          await ctx.update({ message, current, max: 100, isIndeterminate: job.progress === null, canAbort: true });
          await new Promise((resolve) => setTimeout(resolve, every));
        }
      },
      () => void jobs.cancel(id).catch(() => undefined),
    );
  look();
  return jobs.jobs.subscribe(look);
}
