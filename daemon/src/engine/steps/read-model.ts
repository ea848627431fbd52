import { type Model, readModel as read } from '../../models/index.js';
import type { Step } from '../context.js';

/** Reads a model file; what was put in order is said as warnings. */
export const readModel: Step<{ readonly path: string; readonly name?: string | undefined }, Model> = {
  name: 'readModel',
  version: 1,
  run: async ({ path, name }, { signal, warn }) => {
    const model = await read(path, { name, signal });
    model.warnings.forEach(warn);
    return model;
  },
};
