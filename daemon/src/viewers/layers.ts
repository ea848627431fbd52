import {
  type Job,
  type JobId,
  type Layer,
  type LayerRole,
  layerRole,
  LocScaleError,
  type SceneMap,
  type VolumeId,
} from '@chimerax-like/rpc';

/** Opacity and probability with which a context first appears; SURFER's own removal threshold is 0.5. */
const contextDefaults = { opacity: 0.5, threshold: 0.5 };

export const originalName = 'original';

/** A layer as it first appears. */
export function newLayer(
  name: string,
  role: LayerRole,
  volume: VolumeId,
  job: JobId | null,
  threshold: number = contextDefaults.threshold,
): Layer {
  const context = role === 'context';
  return {
    ...{ name, role, volume, job },
    visible: role === 'original' || role === 'result' || context,
    opacity: context ? contextDefaults.opacity : 1,
    level: null,
    threshold: context ? threshold : null,
    colour: null,
  };
}

/** The map with one layer changed. */
export function withLayer(map: SceneMap, volume: VolumeId, change: Partial<Layer>): SceneMap {
  return eachLayer(map, (layer) => (layer.volume === volume ? { ...layer, ...change } : layer));
}

/** The map without a layer; nothing is coloured by it any more. */
export function withoutVolume(map: SceneMap, volume: VolumeId): SceneMap {
  const layers = map.layers.filter((layer) => layer.volume !== volume);
  const rest = eachLayer({ ...map, layers }, (layer) =>
    layer.colour?.by === volume ? { ...layer, colour: null } : layer,
  );
  if (layers.some(({ name }) => name === map.active)) return rest;
  const newest = layers.findLast(({ role }) => role === 'result');
  return showDensity({ ...rest, active: newest?.name ?? originalName }, newest === undefined);
}

/**
 * The map with the outputs of a job as layers. An output takes the place of the layer of its name and is drawn as that one
 * was, except for an absolute level, which means nothing on another scale. The job's first result becomes what is looked at.
 * `threshold`: the one with which the job took out context.
 */
export function withJob(
  map: SceneMap,
  { id, outputs }: Pick<Job, 'id' | 'outputs'>,
  threshold: number = contextDefaults.threshold,
): SceneMap {
  let next = map;
  for (const [name, volume] of Object.entries(outputs)) {
    const layer = newLayer(name, layerRole(name), volume, id, threshold);
    const old = next.layers.find((other) => other.name === name);
    next = old === undefined ? { ...next, layers: [...next.layers, layer] } : replaced(next, old, layer);
  }
  const result = Object.keys(outputs).find((name) => layerRole(name) === 'result');
  return result === undefined ? next : showDensity({ ...next, active: result }, false);
}

/** The other state of one of the switches, or the state asked for. */
export function toggled(map: SceneMap, what: 'original' | 'context' | 'confidence', on?: boolean): SceneMap {
  switch (what) {
    case 'original':
      if (map.active === originalName) throw missing(map, 'result', 'sharpen it');
      return showDensity(map, on ?? !layerNamed(map, originalName).visible);
    case 'context':
      return toggleContext(map, on);
    case 'confidence':
      return toggleConfidence(map, on);
  }
}

function toggleContext(map: SceneMap, on: boolean | undefined): SceneMap {
  const contexts = map.layers.filter(({ role }) => role === 'context');
  if (contexts.length === 0) throw missing(map, 'context', 'find its context first');
  const visible = on ?? !contexts.some((layer) => layer.visible);
  return eachLayer(map, (layer) => (layer.role === 'context' ? { ...layer, visible } : layer));
}

function toggleConfidence(map: SceneMap, on: boolean | undefined): SceneMap {
  const confidence = map.layers.findLast(({ role }) => role === 'confidence')?.volume;
  if (confidence === undefined) throw missing(map, 'confidence', 'run a mode that gives one');
  const wanted = on ?? layerNamed(map, map.active).colour?.by !== confidence;
  return eachLayer(map, (layer) => {
    if (!isDensity(layer)) return layer;
    if (wanted) return { ...layer, colour: { by: confidence, plain: null, palette: 'confidence', range: [-100, 100] } };
    return layer.colour?.by === confidence ? { ...layer, colour: null } : layer;
  });
}

/** Shows either the original or the active result, and no other density. */
function showDensity(map: SceneMap, original: boolean): SceneMap {
  const name = original ? originalName : map.active;
  return eachLayer(map, (layer) => (isDensity(layer) ? { ...layer, visible: layer.name === name } : layer));
}

function replaced(map: SceneMap, old: Layer, { volume, job, role, threshold }: Layer): SceneMap {
  return eachLayer(map, (layer) => {
    if (layer.name === old.name) {
      const level = layer.level?.kind === 'sigma' ? layer.level : null;
      return { ...layer, volume, job, level, threshold: role === 'context' ? threshold : layer.threshold };
    }
    return layer.colour?.by === old.volume ? { ...layer, colour: { ...layer.colour, by: volume } } : layer;
  });
}

/** The map with other voxels in the place of a layer's, on the same scale: everything about how it is drawn stays. */
export function withVoxels(map: SceneMap, before: VolumeId, after: VolumeId): SceneMap {
  return eachLayer(map, (layer) => {
    if (layer.volume === before) return { ...layer, volume: after };
    return layer.colour?.by === before ? { ...layer, colour: { ...layer.colour, by: after } } : layer;
  });
}

const isDensity = ({ role }: Layer): boolean => role === 'original' || role === 'result';

function layerNamed(map: SceneMap, name: string): Layer {
  const layer = map.layers.find((candidate) => candidate.name === name);
  if (layer === undefined) throw new LocScaleError('rpc.internal', `The map ${map.name} has no layer ${name}.`);
  return layer;
}

function eachLayer(map: SceneMap, change: (layer: Layer) => Layer): SceneMap {
  return { ...map, layers: map.layers.map(change) };
}

function missing(map: SceneMap, what: string, next: string): LocScaleError {
  return new LocScaleError('input.missing', `The map ${map.name} has no ${what} to change to; ${next}.`);
}
