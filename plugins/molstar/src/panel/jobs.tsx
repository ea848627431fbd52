import type { Job } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { isActive, type Workbench } from '../core/index.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** Jobs that are listed; older ones are in `locscale jobs`. */
const mostListed = 3;

/** The daemon's jobs: how far, how long still, what went wrong; whoever submitted them. */
export function Jobs(): ReactElement | null {
  const bench = useWorkbench();
  const jobs = useSignal(bench.jobs.jobs);
  if (jobs.length === 0) return null;
  return (
    <ul className="locscale-jobs" aria-label="Jobs">
      {jobs.slice(0, mostListed).map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </ul>
  );
}

function JobLine({ job }: { readonly job: Job }): ReactElement {
  const bench = useWorkbench();
  useSignal(bench.recipes);
  const title = bench.titleOf(job.recipe);
  const percent = Math.round(100 * (job.progress?.fraction ?? 0));
  return (
    <li data-job={job.id} data-state={job.state}>
      <div className="locscale-job">
        <span className="locscale-job-name">{title}</span>
        <span className="locscale-job-state" aria-live="polite">
          {stateText(job)}
        </span>
        {isActive(job) && (
          <button
            type="button"
            className="msp-btn msp-btn-link"
            data-name="cancel"
            aria-label={`Cancel ${title}`}
            onClick={() => void bench.attempt(() => bench.jobs.cancel(job.id))}
          >
            Cancel
          </button>
        )}
        {job.files.some(({ role }) => role === 'report') && (
          <button
            type="button"
            className="msp-btn msp-btn-link"
            data-name="report"
            onClick={() => void bench.attempt(() => openReport(bench, job))}
          >
            Report
          </button>
        )}
        {Object.keys(job.outputs).length > 0 && (
          <button
            type="button"
            className="msp-btn msp-btn-link"
            data-name="show"
            onClick={() => void bench.attempt(() => bench.mirror.change('viewer.addJob', { job: job.id }))}
          >
            Show
          </button>
        )}
      </div>
      {isActive(job) && (
        <>
          <progress max={100} value={job.progress === null ? undefined : percent} aria-label={`Progress of ${title}`} />
          <div className="locscale-job-step">{job.progress?.message}</div>
        </>
      )}
      {job.error !== null && job.state !== 'cancelled' && <div className="locscale-job-step">{job.error.message}</div>}
      {job.warnings.map(({ kind, message }, i) => (
        <div key={`${kind}-${i}`} className="locscale-job-step">
          {message}
        </div>
      ))}
    </li>
  );
}

/** Opens the report in a tab of its own. A link could not carry the token, so the page fetches it. */
async function openReport({ link }: Workbench, { id }: Job): Promise<void> {
  const report = await (await link.request(`/jobs/${id}/report`)).blob();
  const address = URL.createObjectURL(report);
  window.open(address, '_blank', 'noopener');
  // Long enough for the new tab to have loaded it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function stateText(job: Job): string {
  if (job.state !== 'running') return job.state;
  const { progress } = job;
  if (progress === null) return 'starting';
  const rest = progress.remainingSeconds;
  return `${Math.round(100 * progress.fraction)} %${rest === null ? '' : `, ${duration(rest)} left`}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
