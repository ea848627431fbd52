import { type Model, readModel as read } from '../../models/index.js';
import type { Step } from '../context.js';

/** Reads a model file; what was put in order is said as warnings. */
export const readModel: Step<{ readonly path: string }, Model> = {
  name: 'readModel',
  version: 1,
  run: async ({ path }, { signal, warn }) => {
    const model = await read(path, { signal });
    model.warnings.forEach(warn);
    return model;
  },
};
