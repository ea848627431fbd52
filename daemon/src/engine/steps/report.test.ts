import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noReference, type Grid, type Warning } from '@chimerax-like/rpc';
import { noPieces } from '../context.js';
import { reportPaths } from '../report/paths.js';
import { flagsOf } from '../report/record.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { report, type ReportInput, type WrittenReport } from './report.js';

const edge = 32;
const grid: Grid = { shape: [edge, edge, edge], voxelSize: [1.5, 1.5, 1.5], origin: [0, 0, 0] };
const random = seededRandom(7);
const inBall = (i: number): boolean =>
  Math.hypot(Math.floor(i / edge ** 2) - 16, (Math.floor(i / edge) % edge) - 16, (i % edge) - 16) < 9;
const voxels = (signal: number): Float32Array =>
  Float32Array.from({ length: edge ** 3 }, (_, i) => random() + (inBall(i) ? signal * (1 + random()) : 0));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

function input(name: string, chosen?: string): ReportInput {
  const output = join(folder, `${name}.mrc`);
  return {
    paths: reportPaths(output, chosen),
    title: `${name}.mrc`,
    grid,
    map: voxels(2),
    scaled: voxels(5),
    mask: Uint8Array.from({ length: edge ** 3 }, (_, i) => (inBall(i) ? 1 : 0)),
    resolution: 4,
    densityFrom: null,
    flags: flagsOf(noReference.parameters.shape),
    record: {
      provenance: {
        recipe: 'no-reference',
        parameters: { windowSize: 16, voxelSize: [1.5, Math.fround(1.2), 1.5], audit: false },
        given: { windowSize: 16 },
        steps: [
          { name: 'loadVolume', version: 1, from: 'computed' },
          { name: 'confidenceMask', version: 1, from: 'not run' },
          { name: 'scaleWindows', version: 2, from: 'store' },
        ],
      },
      sources: [
        {
          name: 'map',
          grid,
          source: { kind: 'mrc', path: join(folder, 'in.mrc') },
          file: { path: join(folder, 'in.mrc'), sha256: 'ab'.repeat(32), bytes: 0, modifiedMs: 0 },
        },
      ],
      timings: { loadVolume: 0.25 },
      warnings: [{ kind: 'input.odd', message: 'Something odd was read around.' }],
    },
    outputs: [{ role: 'sharpened', path: output }],
    seed: 1,
  };
}

async function run(
  given: ReportInput,
  signal = new AbortController().signal,
): Promise<WrittenReport & { readonly warnings: readonly Warning[] }> {
  const warnings: Warning[] = [];
  const context = {
    signal,
    warn: (warning: Warning) => void warnings.push(warning),
    report: () => undefined,
    slab: () => undefined,
    pieces: noPieces,
  };
  return { ...(await report.run(given, context)), warnings };
}

describe('the report of a run', () => {
  it('holds what the inputs allow, in both files', async () => {
    const { files, warnings } = await run(input('full'));
    expect(warnings).toEqual([]);
    expect(files).toEqual([
      { role: 'report', path: join(folder, 'full_report.html') },
      { role: 'report-pdf', path: join(folder, 'full_report.pdf') },
    ]);
    const page = await readFile(join(folder, 'full_report.html'), 'utf8');
    const wanted = ['Section 17 of 32 across z', 'input and output', 'Surface area (Å²)', 'local B-factor (Å²)'];
    wanted.push('-wn, --window_size', '1.5, 1.2, 1.5', 'Something odd was read around.', 'abababab', '0.25');
    wanted.push('taken from the store', 'no density was invented', 'seed 1');
    expect(wanted.filter((text) => !page.includes(text))).toEqual([]);
    expect(page).not.toContain('confidenceMask');
    expect((await readFile(join(folder, 'full_report.pdf'))).subarray(0, 5).toString('latin1')).toBe('%PDF-');
  });

  it('says which part could not be made, on the page and as a warning, and keeps the others', async () => {
    const { files, warnings } = await run({ ...input('partly'), resolution: 12 });
    expect(files).toHaveLength(2);
    expect(warnings).toEqual([
      { kind: 'report.part-failed', message: expect.stringMatching(/bfactors.*12 Å/) as string },
    ]);
    const page = await readFile(join(folder, 'partly_report.html'), 'utf8');
    expect(page).toContain('This part could not be made');
    expect(page).toContain('Surface area');
  });

  it('takes the resolution of the half maps where none is given', async () => {
    const axis = Float64Array.from({ length: 16 }, (_, r) => (r + 0.5) / 48);
    const curve = axis.map((f) => 1 - 3 * f);
    const fsc = { axis, curve, resolution: { '0.143': 3.5, '0.5': 6 }, masked: null };
    const { warnings } = await run({ ...input('halves'), resolution: undefined, fsc });
    expect(warnings).toEqual([]);
    const page = await readFile(join(folder, 'halves_report.html'), 'utf8');
    expect(page).toContain('from 10 Å to 3.5 Å');
    expect(page).toContain('half maps: 3.50\u00a0Å at 0.143');
    await run({ ...input('unknown'), resolution: undefined });
    expect(await readFile(join(folder, 'unknown_report.html'), 'utf8')).not.toContain('local B-factor');
  });

  it('never writes over an input, under whatever name', async () => {
    await writeFile(join(folder, 'in.mrc'), 'precious');
    await link(join(folder, 'in.mrc'), join(folder, 'linked_report.pdf'));
    const { files, warnings } = await run(input('linked'));
    expect(files).toEqual([]);
    expect(warnings[0]?.message).toMatch(/linked_report\.pdf is the input/);
    expect(await readFile(join(folder, 'in.mrc'), 'utf8')).toBe('precious');
  });

  it('becomes a warning when it cannot be written', async () => {
    const before = await readdir(folder);
    const { files, warnings } = await run(input('nowhere', join(folder, 'missing', 'name')));
    expect(files).toEqual([]);
    expect(warnings.map(({ kind }) => kind)).toEqual(['report.failed', 'report.failed']);
    expect(warnings[0]?.message).toMatch(/its folder does not exist/);
    expect(await readdir(folder)).toEqual(before);
  });

  it('stops when the run is cancelled', async () => {
    await expect(run(input('cancelled'), AbortSignal.abort())).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(await readdir(folder)).not.toContain('cancelled_report.html');
  });
});

describe('the name of a report', () => {
  it.each([
    [undefined, '/data/out_report.html', '/data/out_report.pdf'],
    ['locscale_report', '/data/locscale_report.html', '/data/locscale_report.pdf'],
    ['figures/S1.pdf', '/data/figures/S1.html', '/data/figures/S1.pdf'],
    ['/tmp/v1.2', '/tmp/v1.2.html', '/tmp/v1.2.pdf'],
  ])('%s', (chosen, html, pdf) => {
    expect(reportPaths('/data/out.mrc', chosen)).toEqual({ html, pdf });
  });

  it.each(['', '.pdf', 'folder/'])('refuses "%s"', (chosen) => {
    expect(() => reportPaths('/data/out.mrc', chosen)).toThrow(/names no file/);
  });
});
