import { type Job, type JobState, LocScaleError } from '@chimerax-like/rpc';

/** Which states follow which; a state without successors has ended. */
const successors: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['done', 'failed', 'cancelled', 'interrupted'],
  done: [],
  failed: [],
  cancelled: [],
  interrupted: [],
};

export function hasEnded(state: JobState): boolean {
  return successors[state].length === 0;
}

/** A change of state that the table does not know is a defect. */
export function assertSuccessor(from: JobState, to: JobState): void {
  if (!successors[from].includes(to))
    throw new LocScaleError('rpc.internal', `A job cannot become ${to} after ${from}; report this.`);
}

/** Only a job that has not ended can be cancelled. */
export function assertCancellable(job: Readonly<Job>): void {
  if (hasEnded(job.state))
    throw new LocScaleError(
      'job.finished',
      `The job ${job.id} is ${job.state} already; only queued and running jobs can be cancelled.`,
      {
        state: job.state,
      },
    );
}
