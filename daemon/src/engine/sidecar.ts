import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { format, parse } from 'node:path';
import type { Grid, Warning } from '@chimerax-like/rpc';
import { writeAtomically, writeFully } from '../volumes/atomic-file.js';
import type { VolumeSource } from './messages.js';
import { programVersion } from './version.js';

export interface SidecarRecord {
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, VolumeSource>>;
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

/** `<stem>.locscale.json` beside the map. */
export function sidecarPath(outputPath: string): string {
  const { dir, name } = parse(outputPath);
  return format({ dir, name, ext: '.locscale.json' });
}

/**
 * Writes how a map was made: enough to make it again, and to tell it from another one. `writeMap` runs once the record lies whole
 * on the disk under a temporary name; the record gets its own name after it, so that a run that fails leaves neither of the two.
 */
export async function writeSidecar(
  outputPath: string,
  grid: Grid,
  record: SidecarRecord,
  signal: AbortSignal,
  writeMap: () => Promise<void>,
): Promise<void> {
  const inputs: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(record.sources))
    inputs[name] = {
      path: source.path,
      // An upload lies under a name of the daemon's; its own is what people know.
      ...(source.kind === 'mrc' && source.name !== undefined ? { name: source.name } : {}),
      sha256: await fileHash(source.path, signal),
      shape: grid.shape,
    };
  const text = JSON.stringify(
    {
      program: 'locscale',
      version: programVersion,
      writtenAt: new Date().toISOString(),
      ...record.provenance,
      output: { path: outputPath, grid, shapeAxes: 'z, y, x', lengthAxes: 'x, y, z', lengthUnit: 'Å' },
      inputs,
      // The profile bins come from one octant of array indices, so they depend on which way the axes point.
      profile: 'octant 0 ≤ kz, ky, kx ≤ window/2 of the window transform; axes in standard order (z, y, x)',
      contrastOnly: true,
      timingsSeconds: record.timings,
      warnings: record.warnings,
    },
    null,
    2,
  );
  const bytes = Buffer.from(`${text}\n`);
  await writeAtomically(sidecarPath(outputPath), bytes.length, async (file) => {
    await writeFully(file, bytes);
    await file.sync();
    await writeMap();
  });
}

async function fileHash(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 * 1024, signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
