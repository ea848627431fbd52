import { methods } from './methods/index.js';
import type { Handlers, Result } from './typed.js';

/** Handlers of which only the given ones may be called. */
export function handlersWith<C>(given: Partial<Handlers<C>>): Handlers<C> {
  const rest = methods.map((m) => [
    m.name,
    () => {
      throw new Error(`${m.name} is not part of this test`);
    },
  ]);
  return { ...(Object.fromEntries(rest) as Handlers<C>), ...given };
}

export const sampleJob: Result<'job.get'> = {
  id: 'job-0000000000000001',
  recipe: 'reference-map',
  state: 'running',
  submittedAt: '2026-01-01T12:00:00.000Z',
  startedAt: '2026-01-01T12:00:01.000Z',
  endedAt: null,
  progress: null,
  outputs: {},
  models: {},
  files: [],
  network: null,
  timings: {},
  warnings: [],
  error: null,
};
