import { type Layer, LocScaleError, type SceneMap, type VolumeId } from '@chimerax-like/rpc';
import { Vec3 } from 'molstar/lib/mol-math/linear-algebra.js';
import type { SavedScene, SavedView } from './saved-scene.js';
import type { Workbench } from './workbench.js';

/** What a person sees now, to be brought back later: the shared scene, which files it is made of, and the camera of this viewer. */
export function saveScene(bench: Workbench): SavedScene {
  const maps = bench.mirror.maps.value;
  const [one, two] = bench.draft.value.halfMaps;
  const halfMaps = one !== undefined && two !== undefined ? ([one, two] as const) : null;
  const shown = maps.flatMap(({ layers }) => layers.flatMap(({ volume, colour }) => [volume, colour?.by]));
  const ids = new Set([...shown, ...(halfMaps ?? [])]);
  const known = bench.volumes.value.filter(({ id }) => ids.has(id));
  return {
    locscaleScene: 1,
    maps,
    volumes: Object.fromEntries(known.map(({ id, name, path }) => [id, { name, path }])),
    halfMaps,
    view: viewNow(bench),
  };
}

/**
 * Brings a saved scene back in all viewers, in place of what is on the screen. Volumes that the daemon has under other ids are
 * opened from their files again. Rejects with the names of those that are gone, after the rest is shown.
 */
export async function openScene(bench: Workbench, saved: SavedScene): Promise<void> {
  const found = await findVolumes(bench, saved);
  const idOf = (volume: VolumeId): VolumeId | undefined => found.get(volume);
  const [one, two] = (saved.halfMaps ?? []).map(idOf);
  if (one !== undefined && two !== undefined)
    bench.choose({ halfMaps: [one, two], volumes: { ...bench.draft.value.volumes, map: undefined } });
  const kept = new Set(saved.maps.map(({ id }) => idOf(id)));
  for (const { id } of bench.mirror.maps.value) if (!kept.has(id)) await bench.mirror.remove(id);
  for (const map of saved.maps) {
    const id = idOf(map.id);
    if (id !== undefined) await openMap(bench, map, id, idOf);
  }
  if (saved.view !== null) look(bench, saved.view);
  const gone = Object.entries(saved.volumes).flatMap(([id, { name }]) => (found.has(id) ? [] : [name]));
  if (gone.length > 0)
    throw new LocScaleError(
      'volume.unknown',
      `The daemon does not hold ${gone.join(', ')} of this scene any more; open the files again, or run the job again.`,
    );
}

/** The ids that volumes of a saved scene have now; those that are nowhere are left out. */
async function findVolumes(
  { link, mirror }: Workbench,
  { volumes, maps }: SavedScene,
): Promise<Map<VolumeId, VolumeId>> {
  const there = await link.call('volume.list');
  const found = new Map<VolumeId, VolumeId>();
  for (const [id, { path }] of Object.entries(volumes)) {
    const same =
      there.find((volume) => volume.id === id) ?? there.find((volume) => path !== null && volume.path === path);
    const now = same ?? (path === null ? undefined : await link.call('volume.open', { path }).catch(() => undefined));
    if (now !== undefined) found.set(id, now.id);
  }
  // A result that was computed again since has the place of the one that was saved.
  for (const map of maps) {
    const shown = mirror.maps.value.find(({ id }) => id === found.get(map.id));
    for (const { volume, name } of map.layers) {
      const layer = shown?.layers.find((each) => each.name === name);
      if (!found.has(volume) && layer !== undefined) found.set(volume, layer.volume);
    }
  }
  return found;
}

type IdOf = (volume: VolumeId) => VolumeId | undefined;

async function openMap(bench: Workbench, map: SceneMap, id: VolumeId, idOf: IdOf): Promise<void> {
  const { link } = bench;
  let now = await link.call('viewer.add', { volume: id, name: map.name });
  for (const { volume, name, role } of map.layers) {
    const here = idOf(volume);
    if (here === undefined || role === 'original') continue;
    now = await link.call('viewer.add', { volume: here, of: id, name, role });
  }
  const saved = new Map(map.layers.map((layer) => [idOf(layer.volume), layer]));
  for (const layer of now.layers) await openLayer(bench, layer, saved.get(layer.volume), idOf);
  // Drawn once, when all is as it was.
  await bench.mirror.refresh(id);
}

/** Draws a layer as it was saved; one that was not there then is hidden. */
async function openLayer({ link }: Workbench, now: Layer, saved: Layer | undefined, idOf: IdOf): Promise<void> {
  const { volume } = now;
  if (saved === undefined) {
    await link.call('viewer.show', { volume, visible: false });
    return;
  }
  const { visible, opacity, level, threshold, colour } = saved;
  if (visible !== now.visible || opacity !== now.opacity) await link.call('viewer.show', { volume, visible, opacity });
  if (JSON.stringify(level) !== JSON.stringify(now.level)) await link.call('viewer.level', { volume, level });
  // A threshold that is set, even to what it is, has the context taken out anew.
  if (threshold !== now.threshold) await link.call('viewer.level', { volume, threshold });
  const by = typeof colour?.by === 'string' ? idOf(colour.by) : undefined;
  if (by !== undefined && colour !== null)
    await link.call('viewer.colour', { volume, by, palette: colour.palette, range: colour.range });
  else await link.call('viewer.colour', { volume, ...(colour?.plain && { plain: colour.plain }) });
}

function viewNow({ scene }: Workbench): SavedView | null {
  const camera = scene.plugin.canvas3d?.camera.getSnapshot();
  // Before the first frame the camera looks at nothing.
  if (camera === undefined || camera.radius === 0) return null;
  const { position, target, up, radius } = camera;
  return { position: [...position], target: [...target], up: [...up], radius };
}

function look({ scene }: Workbench, { position, target, up, radius }: SavedView): void {
  const vector = ([x = 0, y = 0, z = 0]: readonly number[]): Vec3 => Vec3.create(x, y, z);
  const state = { position: vector(position), target: vector(target), up: vector(up), radius };
  scene.plugin.managers.camera.setSnapshot(state, 0);
}
