import { request } from 'node:http';
import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';

/** ChimeraX refuses request lines of 64 KiB; commands here are a few hundred bytes. */
const longestCommand = 48 * 1024;
const largestReply = 4 * 1024 * 1024;
/** Opening and contouring a large map takes a while, and a command cannot be called back. */
const defaultTimeoutMs = 120_000;

/** What a command left behind: what it printed, and its values where it has some for programs. */
export interface RestReply {
  readonly notes: readonly string[];
  /** One entry per command; null where it gives no JSON. */
  readonly values: readonly unknown[];
}

const logSchema = z.record(z.string(), z.array(z.string())).default({});
const replySchema = z.object({
  'json values': z.array(z.string().nullable()).default([]),
  'log messages': logSchema,
  error: z.object({ type: z.string().default('error'), message: z.string().default('') }).nullable(),
});

/**
 * Commands to one ChimeraX through its REST server, in order and one at a time: the server works on its UI thread and answers
 * nobody else meanwhile. Whatever goes wrong in ChimeraX comes back with status 200, errors included.
 */
export class RestClient {
  readonly #url: URL;
  readonly #timeoutMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(url: URL, timeoutMs = defaultTimeoutMs) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs a command; rejects with `viewer.refused` and ChimeraX's own words, or with `viewer.unreachable`. */
  run(command: string): Promise<RestReply> {
    const reply = this.#last.then(async () => {
      if (this.#closed) throw unreachable(this.#url, 'it was detached');
      return readReply(command, await this.#get(command));
    });
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  /** Nothing more is sent; what is under way ends by itself. */
  close(): void {
    this.#closed = true;
  }

  #get(command: string): Promise<string> {
    const query = encodeURIComponent(command);
    if (query.length > longestCommand)
      throw new LocScaleError('viewer.refused', `A command of ${query.length} bytes is too long for ChimeraX.`);
    const target = new URL(`/run?command=${query}`, this.#url);
    return new Promise((resolve, reject) => {
      const outgoing = request(target, { agent: false, headers: { connection: 'close' } }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(unreachable(this.#url, `it answered with status ${response.statusCode ?? 0}`));
          return;
        }
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
          if (text.length > largestReply) outgoing.destroy(new Error('its answer has no end'));
        });
        response.on('end', () => resolve(text));
        response.on('error', (error) => reject(unreachable(this.#url, error.message)));
      });
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${this.#timeoutMs / 1000} s`)),
        this.#timeoutMs,
      );
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('error', (error) => reject(unreachable(this.#url, error.message)));
      outgoing.end();
    });
  }
}

function readReply(command: string, text: string): RestReply {
  const parsed = replySchema.safeParse(parse(text));
  if (!parsed.success)
    throw new LocScaleError(
      'viewer.unreachable',
      'ChimeraX does not answer in JSON; start its server so: remotecontrol rest start json true',
    );
  const { 'json values': values, 'log messages': log, error } = parsed.data;
  const complaint = error?.message ?? [...(log['error'] ?? []), ...(log['bug'] ?? [])].join(' ');
  if (error !== null || complaint !== '')
    throw new LocScaleError(
      'viewer.refused',
      `ChimeraX refused the command ${JSON.stringify(command)}: ${oneLine(complaint)}`,
    );
  return { notes: log['note'] ?? [], values: values.map((value) => (value === null ? null : parse(value))) };
}

/** JSON, or undefined for text that is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').slice(0, 500) || 'no reason given';

function unreachable(url: URL, why: string): LocScaleError {
  return new LocScaleError(
    'viewer.unreachable',
    `ChimeraX does not answer at ${url.origin} (${why}); see whether it runs: remotecontrol rest port`,
  );
}
