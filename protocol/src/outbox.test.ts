import { expect, test } from 'vitest';
import { sampleJob } from './handlers.fixture.js';
import { Outbox } from './outbox.js';

const limits = { sendHighWaterBytes: 1000, sendOverflowBytes: 5000 };

/** A socket that takes nothing until told to. */
function slowSocket() {
  const buffered: { text: string; sent: () => void }[] = [];
  const taken: string[] = [];
  let overflowed = 0;
  const outbox = new Outbox(
    {
      get bufferedBytes() {
        return buffered.reduce((sum, { text }) => sum + text.length, 0);
      },
      send: (text, sent) => void buffered.push({ text, sent }),
      overflow: () => {
        overflowed++;
      },
    },
    limits,
  );
  const drain = (): void => {
    for (let next = buffered.shift(); next !== undefined; next = buffered.shift()) {
      taken.push(next.text);
      next.sent();
    }
  };
  return { outbox, drain, taken, overflows: () => overflowed };
}

const progress = (job: string, fraction: number) => ({
  job,
  progress: { step: 'scaleWindows', fraction, message: '', elapsedSeconds: 1, remainingSeconds: null },
});
const fractions = (taken: readonly string[]): readonly unknown[] =>
  taken.flatMap((text) => {
    const { params } = JSON.parse(text) as { params?: { job: unknown; progress?: { fraction: number } } };
    return params?.progress === undefined ? [] : [params.progress.fraction];
  });
const filler = JSON.stringify('x'.repeat(limits.sendHighWaterBytes));

test('a reader that keeps up gets everything', () => {
  const { outbox, drain, taken } = slowSocket();
  for (const fraction of [0.1, 0.2, 0.3]) {
    outbox.notify('job.progress', progress(sampleJob.id, fraction));
    drain();
  }
  expect(fractions(taken)).toEqual([0.1, 0.2, 0.3]);
});

test('at the high-water mark progress still goes out, above it the newest of each job waits', () => {
  const { outbox, drain, taken } = slowSocket();
  const other = 'job-0000000000000002';
  outbox.sendText('x'.repeat(limits.sendHighWaterBytes));
  outbox.notify('job.progress', progress(sampleJob.id, 0.1));
  for (const fraction of [0.2, 0.3, 0.4]) outbox.notify('job.progress', progress(sampleJob.id, fraction));
  outbox.notify('job.progress', progress(other, 0.7));
  outbox.notify('job.progress', progress(sampleJob.id, 0.5));
  drain();
  expect(fractions(taken.slice(1))).toEqual([0.1, 0.5, 0.7]);
});

test('the end of a job is never dropped, and comes after its last progress', () => {
  const { outbox, drain, taken } = slowSocket();
  outbox.sendText(filler);
  outbox.notify('job.progress', progress(sampleJob.id, 0.8));
  outbox.notify('job.progress', progress(sampleJob.id, 0.9));
  outbox.notify('job.changed', { sequence: 3, job: { ...sampleJob, state: 'done' } });
  outbox.notify('job.changed', { sequence: 4, job: { ...sampleJob, state: 'done' } });
  drain();
  expect(taken.slice(1).map((text) => (JSON.parse(text) as { method: string }).method)).toEqual([
    'job.progress',
    'job.changed',
    'job.changed',
  ]);
  expect(fractions(taken.slice(1))).toEqual([0.9]);
});

test('a reader beyond the overflow mark is dropped, one at it is not', () => {
  const { outbox, overflows } = slowSocket();
  outbox.sendText('x'.repeat(limits.sendOverflowBytes));
  expect(overflows()).toBe(0);
  outbox.sendText('x');
  expect(overflows()).toBe(1);
});
