import type { Grid, Warning } from '@chimerax-like/rpc';
import type { HashedFile } from './file-hash.js';
import type { ModelSource, VolumeSource } from './messages.js';
import { programVersion } from './version.js';

/** A file that a recipe read: a map, or a model, which has no grid. */
export interface SourceFile {
  readonly name: string;
  readonly source: VolumeSource | ModelSource;
  readonly grid?: Grid;
  readonly file: HashedFile;
}

/** A map that a recipe wrote. */
export interface WrittenMap {
  readonly role: string;
  readonly path: string;
  /** Of the voxels as little-endian float32 in C order (z, y, x), so that a changed header does not matter. */
  readonly voxelsSha256: string;
}

export interface SidecarRecord {
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly sources: readonly SourceFile[];
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

/** What density was taken from beside the map itself, e.g. `The network emmernet-sim`; null where only amplitudes were changed. */
export function densitySource({ provenance }: SidecarRecord): string | null {
  const { densityFrom } = provenance;
  return typeof densityFrom === 'string' ? densityFrom : null;
}

/** What was done to the density, for a label of 80 characters. */
export function claimOf(record: SidecarRecord): string {
  const from = densitySource(record);
  const { densityRemoved } = record.provenance;
  if (from !== null) return `Density changed by ${from.replace(/^The/, 'the')}; not for refinement`.slice(0, 80);
  if (typeof densityRemoved === 'string') return `Density removed ${densityRemoved}; not for refinement`.slice(0, 80);
  return 'Contrast changed locally, for display and model building; not for refinement';
}

/** How maps were made: enough to make them again, and to tell them from others (docs/provenance.md). */
export function sidecarText(maps: readonly WrittenMap[], grid: Grid, record: SidecarRecord): string {
  const inputs = record.sources.map(({ name, source, grid: own, file }): [string, object] => [
    name,
    {
      path: source.path,
      // An upload lies under a name of the daemon's; its own is what people know.
      ...(source.kind !== 'raw' && source.name !== undefined ? { name: source.name } : {}),
      sha256: file.sha256,
      ...(own === undefined ? {} : { shape: own.shape }),
    },
  ]);
  const [main, ...others] = maps;
  const text = {
    program: 'locscale',
    version: programVersion,
    writtenAt: new Date().toISOString(),
    ...record.provenance,
    output: { ...main, grid, shapeAxes: 'z, y, x', lengthAxes: 'x, y, z', lengthUnit: 'Å' },
    otherOutputs: others,
    inputs: Object.fromEntries(inputs),
    contrastOnly: densitySource(record) === null && record.provenance['densityRemoved'] === undefined,
    timingsSeconds: record.timings,
    warnings: record.warnings,
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}
