import { expect, test } from 'vitest';
import type { InternalErrorReport } from './envelope/index.js';
import { handlersWith, sampleJob } from './handlers.fixture.js';
import { methods } from './methods/index.js';
import { openRpcDocument } from './openrpc.js';
import { createRpcServer } from './server.js';
import type { Handlers } from './typed.js';

function serve<C extends object>(handlers: Handlers<C>) {
  const log: InternalErrorReport[] = [];
  const server = createRpcServer({ handlers, onInternalError: (report) => log.push(report), checkResults: true });
  const call = async (context: C, method: string, params?: unknown): Promise<unknown> =>
    JSON.parse((await server.handleText(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), context)) ?? 'null');
  return { server, log, call };
}

test('every method needs a handler', () => {
  for (const { name } of methods) {
    if (name === 'rpc.discover') continue;
    const rest = Object.entries(handlersWith({})).filter(([other]) => other !== name);
    expect(() => serve(Object.fromEntries(rest) as Handlers<object>)).toThrow(`No handler for ${name}`);
  }
});

test('handlers get checked parameters with defaults, and the context of their connection', async () => {
  const seen: unknown[] = [];
  const { call } = serve<{ readonly user: string }>(
    handlersWith({
      'job.list': (params, context) => {
        seen.push(params, context);
        return [];
      },
    }),
  );
  const context = { user: 'a' };
  expect(await call(context, 'job.list')).toMatchObject({ result: [] });
  expect(seen).toEqual([{ limit: 100 }, context]);
  expect(seen[1]).toBe(context);
});

test('parameters the schema refuses never reach the handler', async () => {
  const { call, log } = serve(handlersWith({}));
  expect(await call({}, 'job.get', { job: 'job-1' })).toMatchObject({ error: { code: -32602 } });
  expect(log).toEqual([]);
});

test('parameters arrive as copies: own members of the schema only', async () => {
  let seen: object = {};
  const { server } = serve(
    handlersWith({
      'job.estimate': (params) => {
        seen = params.inputs;
        return { peakBytes: 1, budgetBytes: 2, fits: true, windowSize: 4 };
      },
    }),
  );
  await server.handleText(
    '{"jsonrpc":"2.0","id":1,"method":"job.estimate","params":{"recipe":"r","inputs":{"__proto__":{"bad":1},"map":"m"}}}',
    {},
  );
  expect(seen).toEqual({ map: 'm' });
  expect(Object.getPrototypeOf(seen)).toBe(Object.prototype);
  expect(({} as { bad?: unknown }).bad).toBeUndefined();
});

test('a result that does not fit its schema is a defect, and the log says where', async () => {
  const { call, log } = serve(
    handlersWith({ 'job.get': () => ({ ...sampleJob, submittedAt: 5 as unknown as string }) }),
  );
  expect(await call({}, 'job.get', { job: sampleJob.id })).toMatchObject({ error: { code: -32603 } });
  expect(String(log[0]?.error)).toContain('Result of job.get: submittedAt is 5');
});

test('rpc.discover answers with the generated document', async () => {
  const { call } = serve(handlersWith({}));
  expect(await call({}, 'rpc.discover')).toEqual({ jsonrpc: '2.0', id: 1, result: openRpcDocument() });
});
