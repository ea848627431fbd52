import { z } from 'zod';
import type { MethodDescriptor } from './descriptor.js';
import { LocScaleError } from './errors.js';
import { describeIssues } from './issues.js';

/**
 * The checked parameters of a call. By name: an object. By position: an array in the order in which the schema lists
 * the names; trailing ones may be left out. Omitted params are an empty object.
 */
export function readParams(method: MethodDescriptor, params: unknown): unknown {
  const byName = Array.isArray(params) ? namePositions(method, params) : (params ?? {});
  const checked = method.params.safeParse(byName, { reportInput: true });
  if (checked.success) return checked.data;
  const issues = describeIssues(checked.error);
  throw new LocScaleError(
    'rpc.invalid-params',
    `Invalid params: ${method.name}: ${issues.map((issue) => issue.message).join('; ')}.`,
    { issues },
  );
}

/** Names of the parameters, in the order they take by position. */
export function parameterNames(method: MethodDescriptor): readonly string[] {
  return method.params instanceof z.ZodObject ? Object.keys(method.params.shape) : [];
}

function namePositions(method: MethodDescriptor, values: readonly unknown[]): Readonly<Record<string, unknown>> {
  const names = parameterNames(method);
  if (values.length > names.length) {
    throw new LocScaleError(
      'rpc.invalid-params',
      `Invalid params: ${method.name} takes ${names.length === 0 ? 'no parameters' : `at most ${names.length} by position (${names.join(', ')})`}, got ${values.length}.`,
    );
  }
  return Object.fromEntries(names.slice(0, values.length).map((name, i) => [name, values[i]]));
}
