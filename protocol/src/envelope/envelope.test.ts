import { expect, test } from 'vitest';
import { LocScaleError } from '../errors.js';
import { Envelope, type RawMethod } from './envelope.js';
import type { InternalErrorReport } from './internal-error.js';

interface Context {
  readonly name: string;
}

function envelope(methods: Readonly<Record<string, RawMethod<Context>>>, limits = {}) {
  const log: InternalErrorReport[] = [];
  const made = new Envelope<Context>({
    methods: new Map(Object.entries(methods)),
    onInternalError: (report) => log.push(report),
    limits,
  });
  return { log, made };
}

const call = (method: string, id: unknown = 1): string => JSON.stringify({ jsonrpc: '2.0', method, id });

test('the log gets the error itself, the caller its correlation id', async () => {
  const defect = new Error('text with a path');
  const { log, made } = envelope({ fail: () => Promise.reject(defect) });
  const answer = await made.handleText(call('fail'), { name: 'a' });
  expect(log).toHaveLength(1);
  expect(log[0]).toMatchObject({ method: 'fail', error: defect });
  expect(answer).toContain(log[0]?.correlationId);
  expect(answer).not.toContain('path');
});

test('a failing notification is logged, not answered; an expected failure is neither', async () => {
  const { log, made } = envelope({
    fail: () => {
      throw new Error('defect');
    },
    refuse: () => {
      throw new LocScaleError('job.unknown', 'No such job.');
    },
  });
  const context = { name: 'a' };
  await expect(made.handleText('{"jsonrpc":"2.0","method":"fail"}', context)).resolves.toBeUndefined();
  await expect(made.handleText('{"jsonrpc":"2.0","method":"refuse"}', context)).resolves.toBeUndefined();
  expect(log.map((report) => report.method)).toEqual(['fail']);
});

test('a result that JSON cannot hold is a defect of the method', async () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const { log, made } = envelope({ cycle: () => cycle });
  expect(JSON.parse((await made.handleText(call('cycle'), { name: 'a' })) ?? '')).toMatchObject({
    id: 1,
    error: { code: -32603 },
  });
  expect(log).toHaveLength(1);
  expect(log[0]?.method).toBe('cycle');
});

test('each connection has its own context, ids and calls in flight', async () => {
  const release: (() => void)[] = [];
  const { made } = envelope(
    {
      wait: (_, context) =>
        new Promise((resolve) => {
          release.push(() => resolve(context.name));
        }),
    },
    { callsInFlight: 1 },
  );
  const a = { name: 'a' };
  const b = { name: 'b' };
  const both = [made.handleText(call('wait'), a), made.handleText(call('wait'), b)];
  expect(JSON.parse((await made.handleText(call('wait', 2), a)) ?? '')).toMatchObject({ id: 2, error: { code: 1052 } });
  for (const run of release) run();
  expect((await Promise.all(both)).map((text) => JSON.parse(text ?? '') as unknown)).toEqual([
    { jsonrpc: '2.0', id: 1, result: 'a' },
    { jsonrpc: '2.0', id: 1, result: 'b' },
  ]);
});

test('calls start in the order of their batch, before any is awaited', async () => {
  const started: unknown[] = [];
  const { made } = envelope({ note: (params) => Promise.resolve(started.push(params)) });
  const batch = [1, 2, 3].map((id) => ({ jsonrpc: '2.0', method: 'note', params: [id], id }));
  const answer = made.handleText(JSON.stringify(batch), { name: 'a' });
  expect(started).toEqual([[1], [2], [3]]);
  await answer;
});
