import { LocScaleError } from '@chimerax-like/rpc';
import type { RecipeInputs, VolumeSource } from '../messages.js';

export function requiredSource(inputs: RecipeInputs, name: string): VolumeSource {
  const source = optionalSource(inputs, name);
  if (source === undefined)
    throw new LocScaleError(
      'input.missing',
      `The input "${name}" is not given, expected one volume; name it and try again.`,
    );
  return source;
}

export function optionalSource(inputs: RecipeInputs, name: string): VolumeSource | undefined {
  const input = inputs[name];
  if (input === undefined) return undefined;
  if (!('kind' in input))
    throw new LocScaleError('input.missing', `The input "${name}" is a list, expected one volume; give just one.`);
  return input;
}

export function sourcePair(inputs: RecipeInputs, name: string): readonly [VolumeSource, VolumeSource] {
  const input = inputs[name];
  const [first, second, ...more] = input === undefined || 'kind' in input ? [] : input;
  if (first === undefined || second === undefined || more.length > 0)
    throw new LocScaleError(
      'input.missing',
      `The input "${name}" is not a pair of volumes; give two, or one map as "map".`,
    );
  return [first, second];
}
