import { Zip } from 'molstar/lib/mol-util/zip/zip.js';
import { encodeMrc } from './encode-mrc.js';
import type { ShownMap } from './shown-map.js';
import type { Workbench } from './workbench.js';

/** A node of a MolViewSpec tree. */
interface Node {
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

/** Version of MolViewSpec that is written. */
const version = '1.8.0';

/**
 * What this viewer shows as a MolViewSpec archive (`.mvsx`), which any Mol* opens without a daemon: maps as they are drawn, models,
 * and the camera. MolViewSpec cannot colour a surface by another map, so such surfaces have one colour there.
 */
export async function toMolViewSpec(bench: Workbench): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  const children: Node[] = [{ kind: 'canvas', params: { background_color: '#ffffff' } }, ...camera(bench)];
  for (const [i, map] of bench.scene.maps.value.entries()) {
    if (map.look?.visible !== true || map.statistics === undefined) continue;
    const name = `map-${i + 1}.mrc`;
    const { voxels, statistics } = bench.scene.drawn(map);
    files[name] = encodeMrc(voxels, statistics);
    children.push(surface(name, map));
  }
  for (const { id } of bench.models.models.value) {
    if (!bench.models.isShown(id)) continue;
    const name = `${id}.cif`;
    files[name] = new TextEncoder().encode(await bench.models.text(id));
    children.push(model(name));
  }
  const metadata = { version, timestamp: new Date().toISOString(), title: 'LocScale' };
  const document = { kind: 'single', root: { kind: 'root', children }, metadata };
  files['index.mvsj'] = new TextEncoder().encode(JSON.stringify(document));
  return new Uint8Array(await Zip(files).run());
}

function camera({ scene }: Workbench): readonly Node[] {
  const state = scene.plugin.canvas3d?.camera.getSnapshot();
  if (state === undefined || state.radius === 0) return [];
  const { target, position, up } = state;
  return [{ kind: 'camera', params: { target: [...target], position: [...position], up: [...up] } }];
}

function surface(url: string, { look, level }: ShownMap): Node {
  const colour = look?.colouring.kind === 'plain' ? look.colouring.colour : '#6f9fd8';
  const drawn: Node = {
    kind: 'volume_representation',
    params: { type: 'isosurface', absolute_isovalue: level?.absolute ?? 0 },
    children: [
      { kind: 'color', params: { color: colour } },
      { kind: 'opacity', params: { opacity: look?.opacity ?? 1 } },
    ],
  };
  return read(url, 'map', { kind: 'volume', children: [drawn] });
}

function model(url: string): Node {
  const component = (selector: string, type: string): Node => ({
    kind: 'component',
    params: { selector },
    children: [{ kind: 'representation', params: { type } }],
  });
  return read(url, 'mmcif', {
    kind: 'structure',
    params: { type: 'model' },
    children: [component('polymer', 'cartoon'), component('ligand', 'ball_and_stick')],
  });
}

const read = (url: string, format: string, child: Node): Node => ({
  kind: 'download',
  params: { url },
  children: [{ kind: 'parse', params: { format }, children: [child] }],
});
