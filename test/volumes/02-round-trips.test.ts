import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readHeader, readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap, plainValue, setFloatWord, setWord } from './helpers/encode-map.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const axisOrders = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
] as const;
const modes = [0, 1, 2, 6, 12] as const;
const dimensions = [7, 5, 3] as const;

/** What the standard array (z, y, x) must hold for voxels numbered by `plainValue` along the file’s own axes. */
const expectedVoxels = (axisOrder: readonly [number, number, number]): { shape: number[]; voxels: number[] } => {
  const length = (axis: number): number => dimensions[axisOrder.indexOf(axis)] ?? 0;
  const voxels: number[] = [];
  for (let z = 0; z < length(3); z++)
    for (let y = 0; y < length(2); y++)
      for (let x = 0; x < length(1); x++) {
        const at = axisOrder.map((axis) => [x, y, z][axis - 1] ?? 0);
        voxels.push(plainValue(at[0] ?? 0, at[1] ?? 0, at[2] ?? 0));
      }
  return { shape: [length(3), length(2), length(1)], voxels };
};

const cases = modes.flatMap((mode) =>
  [false, true].flatMap((bigEndian) => axisOrders.map((axisOrder) => ({ mode, bigEndian, axisOrder }))),
);

describe('every mode, byte order and axis order', () => {
  it.each(cases)('mode $mode, big-endian $bigEndian, axes $axisOrder: read, written, read', async (kind) => {
    const map = encodeMap({ ...kind, dimensions, start: [-3, 4, 5], labels: ['from a test'] });
    const input = await readVolume(putFile(scratch, 'in.map', map));
    const expected = expectedVoxels(kind.axisOrder);
    expect(input.grid.shape).toEqual(expected.shape);
    expect([...input.voxels]).toEqual(expected.voxels);
    expect(input.warnings).toEqual([]);
    expect(input.header.byteOrder).toBe(kind.bigEndian ? 'big' : 'little');

    const path = `${scratch}/out.mrc`;
    await writeVolume(path, { grid: input.grid, voxels: input.voxels, template: input.header });
    const output = await readVolume(path);
    expect(output.voxels).toEqual(input.voxels);
    expect(output.grid).toEqual(input.grid);
    const { mode, byteOrder, axisOrder, start, dimensions: written } = output.header;
    expect({ mode, byteOrder, axisOrder, start, written }).toEqual({
      mode: 2,
      byteOrder: 'little',
      axisOrder: kind.axisOrder,
      start: [-3, 4, 5],
      written: dimensions,
    });
  });
});

describe('numbers', () => {
  it('keeps the extremes of each integer mode apart from their neighbours of the other sign', async () => {
    const extremes = { 0: [-128, 127], 1: [-32768, 32767], 6: [0, 65535] } as const;
    for (const mode of [0, 1, 6] as const) {
      const [low, high] = extremes[mode];
      const map = encodeMap({ mode, dimensions: [2, 1, 1], value: (c) => (c === 0 ? low : high) });
      expect([...(await readVolume(putFile(scratch, 'extremes.mrc', map))).voxels]).toEqual([low, high]);
    }
  });

  it('reads float16 exactly: subnormal, normal, largest, negative', async () => {
    const values = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 0.333251953125, 1, -2.5, 65504, -65504];
    const map = encodeMap({ mode: 12, dimensions: [8, 1, 1], value: (c) => values[c] ?? 0 });
    expect([...(await readVolume(putFile(scratch, 'half.mrc', map))).voxels]).toEqual(values);
  });

  it('reads bytes as unsigned when IMOD’s flags or the stored range say so', async () => {
    const imod = (flags: number): Buffer =>
      setWord(setWord(encodeMap({ mode: 0, value: (c) => c - 1 }), 39, 1146047817), 40, flags);
    expect((await readVolume(putFile(scratch, 'unsigned.mrc', imod(0)))).statistics.max).toBe(255);
    expect((await readVolume(putFile(scratch, 'signed.mrc', imod(1)))).statistics.min).toBe(-1);
    const stored = setFloatWord(setFloatWord(encodeMap({ mode: 0, value: (c) => c - 1 }), 20, 0), 21, 255);
    const read = await readVolume(putFile(scratch, 'range.mrc', stored));
    expect(read.statistics.max).toBe(255);
    expect(read.warnings.map(({ kind }) => kind)).toEqual(['header.unsigned-bytes']);
  });

  it('has statistics that survive a mean far above the deviation', async () => {
    const map = encodeMap({ dimensions: [64, 64, 64], value: (c) => 100_000 + (c % 2) / 64 });
    const { statistics } = await readVolume(putFile(scratch, 'offset.mrc', map));
    expect(statistics.mean).toBeCloseTo(100_000 + 1 / 128, 9);
    expect(statistics.sd).toBeCloseTo(1 / 128, 9);
  });
});

describe('what an output repeats and what it corrects', () => {
  const outputOf = async (map: Buffer, change: Partial<Parameters<typeof writeVolume>[1]> = {}) => {
    const input = await readVolume(putFile(scratch, 'template.mrc', map));
    const path = `${scratch}/repeated.mrc`;
    await writeVolume(path, { grid: input.grid, voxels: input.voxels, template: input.header, ...change });
    return { input: input.header, output: await readHeader(path) };
  };

  it('keeps cell and sampling of a box cut from a larger cell, and NSTART beside ORIGIN', async () => {
    const map = encodeMap({ sampling: [60, 50, 40], cell: [90, 75, 60], start: [1, 2, 3], origin: [9, 8, 7] });
    const { input, output } = await outputOf(map);
    expect(output.cell).toEqual(input.cell);
    expect(output.sampling).toEqual([60, 50, 40]);
    expect(output.start).toEqual([1, 2, 3]);
    expect(output.originWords).toEqual([9, 8, 7]);
  });

  it('keeps an extended header and its type, and names symmetry records that had none', async () => {
    const records = Buffer.from('X,Y,Z'.padEnd(80));
    const { output: named } = await outputOf(encodeMap({ extended: records, extendedType: 'MRCO' }));
    expect(named.extended).toEqual({ type: 'MRCO', bytes: new Uint8Array(records) });
    const { output: unnamed } = await outputOf(encodeMap({ extended: records }));
    expect(unnamed.extended).toEqual({ type: 'CCP4', bytes: new Uint8Array(records) });
  });

  it('moves whole voxels by NSTART where the input did, in Å by ORIGIN otherwise', async () => {
    const byStart = encodeMap({ start: [10, 20, 30], axisOrder: [3, 2, 1] });
    const { grid } = await readHeader(putFile(scratch, 'start.mrc', byStart));
    expect(grid.origin).toEqual([45, 30, 15]);
    const moved = (origin: [number, number, number]) => outputOf(byStart, { grid: { ...grid, origin } });
    const whole = (await moved([48, 30, 15])).output;
    expect([whole.start, whole.originWords, whole.grid.origin]).toEqual([
      [10, 20, 32],
      [0, 0, 0],
      [48, 30, 15],
    ]);
    const parts = (await moved([45.5, 30, 15])).output;
    expect([parts.start, parts.originWords, parts.grid.origin]).toEqual([
      [0, 0, 0],
      [45.5, 30, 15],
      [45.5, 30, 15],
    ]);
  });

  it('follows a changed voxel size', async () => {
    const map = encodeMap({ origin: [1, 2, 3] });
    const { grid } = await readHeader(putFile(scratch, 'size.mrc', map));
    const { output } = await outputOf(map, { grid: { ...grid, voxelSize: [2, 2, 2] } });
    expect(output.cell).toEqual([12, 10, 8]);
    expect(output.grid.origin).toEqual([1, 2, 3]);
  });

  it('drops the oldest labels when ten are full, never the new ones, and cuts none short of 80', async () => {
    const labels = Array.from({ length: 10 }, (_, i) => `old ${i}`);
    const { output } = await outputOf(encodeMap({ labels }), { labels: ['first', 'x'.repeat(80), 'µm'] });
    expect(output.labels).toEqual([...labels.slice(3), 'first', 'x'.repeat(80), '?m']);
  });

  it('writes a strict header from a sloppy one', async () => {
    const sloppy = encodeMap({ angles: [0, 0, 0], identifier: '\0\0\0\0', stamp: '00000000', spaceGroup: 0 });
    const { input, output } = await outputOf(sloppy);
    expect(input.warnings.map(({ kind }) => kind)).toEqual([
      'header.no-machine-stamp',
      'header.no-map-id',
      'header.cell-angles',
    ]);
    expect(output.warnings).toEqual([]);
    expect([output.angles, output.spaceGroup]).toEqual([[90, 90, 90], 1]);
    expect(Buffer.from(output.bytes.subarray(208, 216)).toString('hex')).toBe('4d41502044440000');
  });
});

describe('packed files', () => {
  it('are told by content, whatever they are called', async () => {
    const plain = encodeMap({});
    const packed = await readVolume(putFile(scratch, 'named-plain.mrc', gzipSync(plain)));
    const unpacked = await readVolume(putFile(scratch, 'named-packed.mrc.gz', plain));
    expect([packed.header.compression, unpacked.header.compression]).toEqual(['gzip', 'none']);
    expect(packed.voxels).toEqual(unpacked.voxels);
  });

  it('may consist of several gzip members', async () => {
    const plain = encodeMap({});
    const members = Buffer.concat([gzipSync(plain.subarray(0, 1000)), gzipSync(plain.subarray(1000))]);
    const { voxels } = await readVolume(putFile(scratch, 'members.mrc.gz', members));
    expect(voxels).toEqual((await readVolume(putFile(scratch, 'whole.mrc', plain))).voxels);
  });
});
