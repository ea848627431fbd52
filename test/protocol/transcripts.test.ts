import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { errorDataSchema, type InternalErrorReport } from '@chimerax-like/rpc';
import { apiServer } from './api-server.js';
import { DemoContext, demoServer } from './demo-server.js';
import { parseTranscript, type ExpectedAnswer, type Transcript } from './transcript.js';

const folder = new URL('transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there are transcripts', () => {
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)('%s', async (file) => {
  const transcript = parseTranscript(readFileSync(new URL(file, folder), 'utf8'));
  const defects: InternalErrorReport[] = [];
  const answerText = connect(transcript, (report) => defects.push(report));
  let internal = 0;

  for (const exchange of transcript.exchanges) {
    const answers: string[] = [];
    await Promise.all(
      exchange.sent.map(async (text) => {
        const answer = await answerText(text);
        if (answer !== undefined) answers.push(answer);
      }),
    );
    const where = `${file}, line ${exchange.line}`;
    expect(answers, `${where}: number of answers`).toHaveLength(exchange.expected.length);
    for (const [i, expected] of exchange.expected.entries()) {
      const actual = answers[i] ?? '';
      expectWellFormed(JSON.parse(actual), where);
      compare(actual, expected, where);
    }
    internal += answers.join('').split('"rpc.internal"').length - 1;
  }
  // Every -32603 is in the log under its correlation id; a notification may add some that nobody was told of.
  expect(defects.length).toBeGreaterThanOrEqual(internal);
});

function connect(transcript: Transcript, log: (report: InternalErrorReport) => void) {
  if (transcript.server === 'api') {
    const server = apiServer(log, transcript.limits);
    const context = {};
    return (text: string) => server.handleText(text, context);
  }
  const server = demoServer(log, transcript.limits);
  const context = new DemoContext();
  return (text: string) => server.handleText(text, context);
}

const wireErrorSchema = z.strictObject({
  code: z.int(),
  // One sentence: ends with a full stop and holds no line break.
  message: z.string().regex(/^[^\n]+\.$/),
  data: errorDataSchema,
});
// Not z.int(): that ends one below 2^53.
const id = z.union([z.string(), z.number().refine(Number.isInteger), z.null()]);
const responseSchema = z.union([
  z.strictObject({ jsonrpc: z.literal('2.0'), id, result: z.json() }),
  z.strictObject({ jsonrpc: z.literal('2.0'), id, error: wireErrorSchema }),
]);

/** Section 5: exactly one of result and error, `result` there even when null, `jsonrpc` there, `data` of our form. */
function expectWellFormed(answer: unknown, where: string): void {
  const checked = z.union([responseSchema, z.array(responseSchema).min(1)]).safeParse(answer);
  expect(checked.error?.message, `${where}: form of ${JSON.stringify(answer).slice(0, 300)}`).toBeUndefined();
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

function compare(actual: string, expected: ExpectedAnswer, where: string): void {
  const value: unknown = JSON.parse(actual.replace(uuid, '<uuid>'));
  const wanted: unknown = JSON.parse(expected.text);
  expect(expected.kind === 'exact' ? value : asPrinted(value), where).toEqual(wanted);
}

/** Our answer with what the specification does not print taken away. */
function asPrinted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asPrinted);
  const error = z.looseObject({ error: wireErrorSchema }).safeParse(value);
  if (!error.success) return value;
  const { code, message } = error.data.error;
  return { ...error.data, error: { code, message: message.replace(/: .*$/, '') } };
}
