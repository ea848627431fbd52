import { createHash } from 'node:crypto';
import { jobSchema, jobStateSchema } from '@chimerax-like/rpc';
import { z } from 'zod';
import { modelSourceSchema, sourceSchema } from '../engine/messages.js';

/** What was asked for, with inputs as files, so that a queued job outlives the daemon. */
export const requestSchema = z.object({
  recipe: z.string(),
  inputs: z.record(z.string(), z.union([sourceSchema, modelSourceSchema, z.array(sourceSchema)])),
  parameters: z.record(z.string(), z.unknown()),
  outputPath: z.string().nullable(),
  requestKey: z.string().nullable(),
  /** Hash of the request as the client wrote it; the same key with another hash is a conflict. */
  requestHash: z.string(),
});
export type JobRequest = z.infer<typeof requestSchema>;

const bodySchema = z.object({
  seq: z.int().positive(),
  at: z.string(),
  state: jobStateSchema,
  payload: z.object({ job: jobSchema, request: requestSchema.optional() }),
});

/** One line of a job's journal. The first one carries the request. */
export type JournalRecord = z.infer<typeof bodySchema>;

/** `record` as one line: JSON whose last member `sum` is the checksum of the JSON without it. */
export function encodeRecord(record: JournalRecord): string {
  const body = JSON.stringify(record);
  return `${body.slice(0, -1)},"sum":"${checksum(body)}"}\n`;
}

/** The record of a line, or null when the line is torn or damaged. */
export function decodeRecord(line: string): JournalRecord | null {
  const match = /^(.*),"sum":"([0-9a-f]{16})"\}$/s.exec(line);
  const body = match?.[1] === undefined ? null : `${match[1]}}`;
  if (body === null || checksum(body) !== match?.[2]) return null;
  const parsed = bodySchema.safeParse(JSON.parse(body));
  return parsed.success ? parsed.data : null;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
