import type { Command } from 'commander';
import { type Job, jobIdSchema, LocScaleError } from '@chimerax-like/rpc';
import { duration } from '../output/duration.js';
import { connectOrFail, type Session } from '../run/connect.js';
import type { Terminal } from '../terminal.js';

interface Output {
  readonly json?: boolean;
}

/** `locscale jobs [list | show ID | cancel ID]`. */
export function registerJobs(program: Command, terminal: Terminal): void {
  const jobs = program.command('jobs').description('list, show or cancel jobs of the running daemon');

  jobs
    .command('list', { isDefault: true })
    .description('list jobs, newest first')
    .option('--json', 'print one JSON object')
    .action((options: Output) =>
      withSession(async ({ client }) => {
        const list = await client.call('job.list', {});
        if (options.json === true) terminal.print(JSON.stringify({ ok: true, jobs: list }));
        else if (list.length === 0) terminal.print('No jobs.');
        else for (const job of list) terminal.print(jobLine(job));
      }),
    );

  jobs
    .command('show')
    .description('show one job')
    .argument('<id>', 'id of the job')
    .option('--json', 'print one JSON object')
    .action((id: string, options: Output) =>
      withSession(async ({ client }) => {
        const job = await client.call('job.get', { job: jobId(id) });
        if (options.json === true) terminal.print(JSON.stringify({ ok: true, job }));
        else for (const line of jobLines(job)) terminal.print(line);
      }),
    );

  jobs
    .command('cancel')
    .description('cancel a job that has not ended')
    .argument('<id>', 'id of the job')
    .option('--json', 'print one JSON object')
    .action((id: string, options: Output) =>
      withSession(async ({ client }) => {
        const job = await client.call('job.cancel', { job: jobId(id) });
        terminal.print(options.json === true ? JSON.stringify({ ok: true, job }) : `${job.id} is being cancelled`);
      }),
    );
}

/** An id as it was typed; what has not even the form of one is said in words instead of a pattern. */
function jobId(text: string): Job['id'] {
  const { success, data } = jobIdSchema.safeParse(text);
  if (success) return data;
  throw new LocScaleError(
    'job.unknown',
    `"${text}" is no id of a job, expected one like job-0123456789abcdef; \`locscale jobs\` lists them.`,
  );
}

async function withSession(work: (session: Session) => Promise<void>): Promise<void> {
  const session = await connectOrFail();
  try {
    await work(session);
  } finally {
    session.client.close();
  }
}

/** `job-0123456789abcdef  done       2026-01-31T10:00:00Z  reference-map  4.2 s`. */
function jobLine(job: Job): string {
  return [job.id, job.state.padEnd(11), job.submittedAt, job.recipe, howLong(job)].join('  ').trimEnd();
}

function howLong(job: Job): string {
  if (job.startedAt === null) return '';
  if (job.endedAt === null) return job.progress === null ? '' : `${Math.floor(job.progress.fraction * 100)} %`;
  return duration((Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000);
}

function jobLines(job: Job): readonly string[] {
  return [
    jobLine(job),
    ...job.files.map((file) => `  ${file.role.padEnd(12)} ${file.path}`),
    ...Object.entries(job.timings).map(([step, seconds]) => `  ${step.padEnd(24)} ${duration(seconds)}`),
    ...job.warnings.map((warning) => `  Warning: ${warning.message}`),
    ...(job.error === null ? [] : [`  Error (${job.error.kind}): ${job.error.message}`]),
  ];
}
