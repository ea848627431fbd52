import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { type JobId, LocScaleError } from '@chimerax-like/rpc';
import type { Workshop } from '../jobs/index.js';

/** The page is our own, and shown beside the token: it may style itself and show its own pictures, and nothing else. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** Answers `GET /jobs/ID/report`: the report that a job has written beside its map, as HTML. */
export async function sendReport(response: ServerResponse, id: JobId, { jobs }: Workshop): Promise<void> {
  const path = jobs.get(id).files.find(({ role }) => role === 'report')?.path;
  if (path === undefined)
    throw new LocScaleError(
      'input.missing',
      'The job has written no report; run it again with a report and a file to write the map to.',
    );
  const page = await readFile(path).catch((cause: unknown) => {
    throw new LocScaleError('input.missing', `The report ${path} is gone; run the job again.`, {}, { cause });
  });
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': page.length,
    'Content-Security-Policy': policy,
  });
  response.end(page);
}
