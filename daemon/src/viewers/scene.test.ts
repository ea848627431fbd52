import type { Layer, SceneMap, VolumeId } from '@chimerax-like/rpc';
import { beforeEach, describe, expect, it } from 'vitest';
import { toggled } from './layers.js';
import { Scene, type SceneChange } from './scene.js';

const vol = (n: number): VolumeId => `vol-${String(n).padStart(16, '0')}`;
const me = 'viewer-0000000000000001';
const first = {
  id: 'job-0000000000000001',
  outputs: { sharpened: vol(2), localResolution: vol(3), confidence: vol(4) },
};
const second = { id: 'job-0000000000000002', outputs: { sharpened: vol(5), confidence: vol(6) } };

let heard: SceneChange[];
let scene: Scene;
beforeEach(() => {
  heard = [];
  scene = new Scene((change) => heard.push(change));
  scene.addMap(vol(1), 'map.mrc', me);
});

const layer = (map: SceneMap, name: string): Layer => {
  const found = map.layers.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no layer ${name}`);
  return found;
};
const visible = (map: SceneMap): string[] => map.layers.filter((l) => l.visible).map((l) => l.name);

describe('changes', () => {
  it('are numbered and told with who caused them, whole maps at a time', () => {
    expect(heard).toEqual([{ revision: 1, viewer: me, maps: [scene.mapOf(vol(1))], removed: [] }]);
    scene.change(vol(1), { visible: false }, null);
    expect(heard[1]).toMatchObject({
      revision: 2,
      viewer: null,
      maps: [{ revision: 2, layers: [{ visible: false }] }],
    });
  });

  it('that change nothing are none, so an echo dies', () => {
    const map = scene.change(vol(1), { level: { kind: 'sigma', value: 3 } }, me);
    expect(scene.change(vol(1), { level: { kind: 'sigma', value: 3 } }, null)).toBe(map);
    expect(scene.addMap(vol(1), 'another name', null)).toBe(map);
    expect(heard).toHaveLength(2);
  });

  it('of one field leave the others, so the last writer wins for each', () => {
    scene.change(vol(1), { opacity: 0.5 }, me);
    scene.change(vol(1), { level: { kind: 'absolute', value: 0.1 } }, null);
    expect(layer(scene.mapOf(vol(1)), 'original')).toMatchObject({
      opacity: 0.5,
      level: { kind: 'absolute', value: 0.1 },
    });
  });

  it('name a volume that is on the screen', () => {
    expect(() => scene.change(vol(9), { visible: true }, me)).toThrow(
      expect.objectContaining({ kind: 'viewer.not-shown' }),
    );
  });
});

describe('a job', () => {
  it('brings its outputs as layers: the result in place of the original, measures unseen', () => {
    const map = scene.addJob(vol(1), first, null);
    expect(map.active).toBe('sharpened');
    expect(visible(map)).toEqual(['sharpened']);
    expect(map.layers.map(({ role }) => role)).toEqual(['original', 'result', 'measure', 'confidence']);
    expect(layer(map, 'sharpened').job).toBe(first.id);
  });

  it('takes the place of the one before, drawn as that was, coloured by the new confidence', () => {
    scene.addJob(vol(1), first, null);
    scene.change(vol(2), { opacity: 0.7, level: { kind: 'sigma', value: 4 } }, me);
    scene.update(vol(1), (map) => toggled(map, 'confidence'), me);
    const map = scene.addJob(vol(2), second, null);
    expect(map.layers.map(({ volume }) => volume)).toEqual([vol(1), vol(5), vol(3), vol(6)]);
    expect(layer(map, 'sharpened')).toMatchObject({
      ...{ job: second.id, opacity: 0.7, level: { kind: 'sigma', value: 4 } },
      colour: { by: vol(6), palette: 'confidence', range: [-100, 100] },
    });
  });

  it('on another scale than an absolute level was set for forgets that level', () => {
    scene.addJob(vol(1), first, null);
    scene.change(vol(2), { level: { kind: 'absolute', value: 0.1 } }, me);
    expect(layer(scene.addJob(vol(1), second, null), 'sharpened').level).toBeNull();
  });

  it('that finds context shows it half transparent, cut at one half', () => {
    const map = scene.addJob(vol(1), { id: first.id, outputs: { context: vol(7), cleaned: vol(8) } }, null);
    expect(layer(map, 'context')).toMatchObject({ role: 'context', visible: true, opacity: 0.5, threshold: 0.5 });
    expect(visible(map)).toEqual(['context', 'cleaned']);
  });
});

describe('switches', () => {
  const toggle = (what: 'original' | 'context' | 'confidence', on?: boolean): SceneMap =>
    scene.update(vol(1), (map) => toggled(map, what, on), me);

  it('show either the original or the result', () => {
    scene.addJob(vol(1), first, null);
    expect(visible(toggle('original'))).toEqual(['original']);
    expect(visible(toggle('original', true))).toEqual(['original']);
    expect(visible(toggle('original'))).toEqual(['sharpened']);
  });

  it('show the context or not, beside the rest', () => {
    scene.addJob(vol(1), { id: first.id, outputs: { context: vol(7), cleaned: vol(8) } }, null);
    expect(visible(toggle('context'))).toEqual(['cleaned']);
    expect(visible(toggle('context'))).toEqual(['context', 'cleaned']);
  });

  it('colour by confidence and back, and leave other colours alone', () => {
    scene.addJob(vol(1), first, null);
    const colour = { by: null, plain: '#00ff00', palette: 'viridis' as const, range: [0, 1] as [number, number] };
    expect(layer(toggle('confidence'), 'original').colour?.by).toBe(vol(4));
    scene.change(vol(1), { colour }, me);
    const off = toggle('confidence', false);
    expect(layer(off, 'original').colour).toEqual(colour);
    expect(layer(off, 'sharpened').colour).toBeNull();
  });

  it.each(['original', 'context', 'confidence'] as const)('for %s need something to change to', (what) => {
    expect(() => toggle(what)).toThrow(expect.objectContaining({ kind: 'input.missing' }));
  });
});

describe('removing', () => {
  it('a result goes back to the original and to no colours', () => {
    scene.addJob(vol(1), first, null);
    scene.update(vol(1), (map) => toggled(map, 'confidence'), me);
    scene.forget(vol(4));
    expect(layer(scene.mapOf(vol(1)), 'sharpened').colour).toBeNull();
    scene.remove(vol(2), me);
    const map = scene.mapOf(vol(1));
    expect([map.active, visible(map)]).toEqual(['original', ['original']]);
  });

  it('the original removes the map', () => {
    scene.addJob(vol(1), first, null);
    scene.remove(vol(1), me);
    expect(heard.at(-1)).toMatchObject({ maps: [], removed: [vol(1)], viewer: me });
    expect(scene.state.maps).toEqual([]);
  });
});

it('holds a bounded number of maps', () => {
  for (let n = 2; n <= 200; n++) scene.addMap(vol(n), 'map', me);
  expect(() => scene.addMap(vol(201), 'map', me)).toThrow(expect.objectContaining({ kind: 'limit.busy' }));
});
