import { LocScaleError } from '@chimerax-like/rpc';
import type { ModelSource, RecipeInputs, VolumeSource } from '../messages.js';

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
  if (input.kind === 'model')
    throw new LocScaleError('input.missing', `The input "${name}" is a model, expected a volume; give a map.`);
  return input;
}

export function requiredModel(inputs: RecipeInputs, name: string): ModelSource {
  const source = optionalModel(inputs, name);
  if (source === undefined)
    throw new LocScaleError(
      'input.missing',
      `The input "${name}" is not given, expected a model; name it and try again.`,
    );
  return source;
}

export function optionalModel(inputs: RecipeInputs, name: string): ModelSource | undefined {
  const input = inputs[name];
  if (input === undefined) return undefined;
  if (!('kind' in input) || input.kind !== 'model')
    throw new LocScaleError(
      'input.missing',
      `The input "${name}" is a volume, expected a model; give a PDB or mmCIF file.`,
    );
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
