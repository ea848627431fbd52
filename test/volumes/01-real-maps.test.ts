import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeader, readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { failure } from './helpers/errors.js';
import { scratchFolder } from './helpers/scratch.js';
import { goldenFolder, hasGolden, hasMaps, mapsFolder } from './helpers/shared-data.js';

interface HeaderFacts {
  readonly file: string;
  readonly mode: number;
  readonly dims: number[];
  readonly nstart: number[];
  readonly grid: number[];
  readonly cell: number[];
  readonly axis_order: number[];
  readonly origin: number[];
  readonly ispg: number;
  readonly nsymbt: number;
  readonly byte_order: string;
  readonly voxel: number[];
  readonly header_min_max_mean_rms: number[];
  readonly data_min_max_mean_sd: number[];
  readonly fraction_exact_zero: number;
  readonly labels: string[];
}

const facts = hasMaps ? (JSON.parse(readFileSync(join(mapsFolder, 'headers.json'), 'utf8')) as HeaderFacts[]) : [];
/** The facts are written with five or six digits. */
const near = (expected: number[]): number[] => expected.map((n) => expect.closeTo(n, digits(n)) as number);
const digits = (n: number): number => (n === 0 ? 8 : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(n))))));

const crystals = ['header_cases/emd_3001.map.gz', 'header_cases/emd_8216.map.gz'];
const warned = 'header_cases/emd_3420_bin4_no_stamp.mrc.gz';

describe.skipIf(!hasMaps)('real maps (need ../shared/data/maps)', () => {
  const scratch = scratchFolder();

  it('has the 25 maps of headers.json', () => expect(facts).toHaveLength(25));

  it.each(crystals)('%s, a crystal map, is refused with its angle', async (file) => {
    const error = await failure(readHeader(join(mapsFolder, file)));
    expect(error.kind).toBe('input.format');
    expect(error.message).toMatch(/94\.326|111\.55/u);
    expect(error.message).toContain('crystal');
  });

  it.each(facts.filter(({ file }) => !crystals.includes(file)))('$file is read as headers.json says', async (fact) => {
    const { header, grid, statistics, voxels, warnings } = await readVolume(join(mapsFolder, fact.file));
    expect(header.mode).toBe(fact.mode);
    expect(header.dimensions).toEqual(fact.dims);
    expect(header.start).toEqual(fact.nstart);
    expect(header.sampling).toEqual(fact.grid);
    expect([...header.cell, ...header.angles]).toEqual(near(fact.cell));
    expect(header.axisOrder).toEqual(fact.axis_order);
    expect(header.originWords).toEqual(near(fact.origin));
    expect(header.spaceGroup).toBe(fact.ispg);
    expect(header.extended.bytes).toHaveLength(fact.nsymbt);
    expect(header.byteOrder).toBe(fact.byte_order);
    expect(grid.voxelSize).toEqual(near(fact.voxel));
    expect(Object.values(header.storedStatistics)).toEqual(near(fact.header_min_max_mean_rms));
    const { min, max, mean, sd, zeros } = statistics;
    expect([min, max, mean, sd]).toEqual(near(fact.data_min_max_mean_sd));
    expect(zeros / voxels.length).toBeCloseTo(fact.fraction_exact_zero, 2);
    expect(header.labels).toEqual(fact.labels);
    const [nx, ny, nz] = ['x', 'y', 'z'].map((_, axis) => fact.dims[fact.axis_order.indexOf(axis + 1)]);
    expect(grid.shape).toEqual([nz, ny, nx]);
    expect(warnings.map(({ kind }) => kind)).toEqual(
      fact.file === warned ? ['header.no-machine-stamp', 'header.no-map-id', 'header.cell-angles'] : [],
    );
  });

  it('takes ORIGIN before NSTART, and NSTART by axis when ORIGIN is empty', async () => {
    const both = await readHeader(join(mapsFolder, 'header_cases/h2o_nstart_and_origin.mrc.gz'));
    expect(both.grid.origin).toEqual([1.2, 3.4, 5.6].map((n) => expect.closeTo(n, 5) as number));
    // Axis order 2,1,3: the columns run along y, so NSTART 3,4,5 is y, x, z.
    const start = await readHeader(join(mapsFolder, 'header_cases/h2o_nstart_skwtrn.ccp4.gz'));
    expect(start.grid.origin).toEqual([0.6, 0.45, 0.75].map((n) => expect.closeTo(n, 5) as number));
  });

  it.each(['header_cases/h2o_nstart_and_origin.mrc.gz', '07_emd3240_gamma_secretase_4.3A/emd_3240_box.ccp4.gz'])(
    'repeats the words of %s in an output',
    async (file) => {
      const input = await readVolume(join(mapsFolder, file));
      const path = join(scratch, 'out.mrc');
      await writeVolume(path, { ...input, template: input.header, labels: ['sharpened'] });
      const output = await readVolume(path);
      const words = ({ dimensions, start, sampling, cell, axisOrder, originWords }: typeof input.header): unknown => [
        dimensions,
        start,
        sampling,
        cell,
        axisOrder,
        originWords,
      ];
      expect(words(output.header)).toEqual(words(input.header));
      expect(output.header.labels).toEqual([...input.header.labels, 'sharpened']);
      expect(output.voxels).toEqual(input.voxels);
    },
  );
});

interface Manifest {
  readonly files: Readonly<Record<string, { readonly shape_zyx: number[]; readonly sha256_of_data: string }>>;
}

describe.skipIf(!hasGolden)('reference results (need ../shared/golden)', () => {
  const manifest = hasGolden
    ? (JSON.parse(readFileSync(join(goldenFolder, 'manifest.json'), 'utf8')) as Manifest)
    : { files: {} };
  const maps = Object.entries(manifest.files).filter(([name]) => name.endsWith('.mrc.gz'));

  it('lists maps', () => expect(maps.length).toBeGreaterThan(40));

  it('are read byte for byte', async () => {
    for (const [name, { shape_zyx, sha256_of_data }] of maps) {
      const { grid, voxels } = await readVolume(join(goldenFolder, name), { requireSignal: false });
      expect([name, grid.shape]).toEqual([name, shape_zyx]);
      const hash = createHash('sha256').update(new Uint8Array(voxels.buffer)).digest('hex');
      expect([name, hash]).toEqual([name, sha256_of_data]);
    }
  });
});
