import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { linePlot } from '../../demo/dist/page/plot.js';
import { encodeGreyPng, pngDataUri } from '../../daemon/dist/engine/png.js';
import { enlarge, takeSlice, toGrey } from '../../demo/dist/page/slice.js';
import { cubicBox } from '../../demo/dist/simulation/box.js';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const chunksOf = (png: Buffer): Chunk[] => {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    at += length + 12;
  }
  return chunks;
};

describe('PNG', () => {
  it('has signature, chunks with right check sums, and the pixels row by row', () => {
    const pixels = Uint8Array.from({ length: 15 }, (_, i) => i * 17);
    const png = encodeGreyPng(pixels, 5, 3);
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const chunks = chunksOf(png);
    expect(chunks.map((chunk) => chunk.type)).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect(chunks[0]?.data.readUInt32BE(0)).toBe(5);
    expect(chunks[0]?.data.readUInt32BE(4)).toBe(3);
    const rows = inflateSync(chunks[1]?.data as Buffer);
    for (let y = 0; y < 3; y++)
      expect([...rows.subarray(y * 6, y * 6 + 6)]).toEqual([0, ...pixels.subarray(y * 5, y * 5 + 5)]);
    expect(pngDataUri(png)).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });
});

describe('slices', () => {
  // Value = 100 z + 10 y + x.
  const box = cubicBox(4, 1);
  const map = Float32Array.from(
    { length: 64 },
    (_, i) => 100 * Math.floor(i / 16) + 10 * (Math.floor(i / 4) % 4) + (i % 4),
  );
  const all = { z: [0, 4], y: [0, 4], x: [0, 4] } as const;

  // Upper left corner, its right neighbour, lower left and lower right corner.
  it.each([
    ['z', [230, 231, 200, 203]],
    ['y', [320, 321, 20, 23]],
    ['x', [302, 312, 2, 32]],
  ] as const)('along %s: vertical axis up, horizontal axis to the right', (view, expected) => {
    const { values } = takeSlice(map, box, view, 2, all);
    expect([values[0], values[1], values[12], values[15]]).toEqual(expected);
  });

  it('are enlarged without inventing values where the map is flat or linear', () => {
    const flat = enlarge({ values: new Float32Array(9).fill(5), width: 3, height: 3 }, 4);
    expect([flat.width, flat.height]).toEqual([12, 12]);
    for (const value of flat.values) expect(value).toBeCloseTo(5, 5);
    const ramp = enlarge({ values: Float32Array.from({ length: 8 }, (_, i) => i), width: 8, height: 1 }, 2);
    for (let i = 5; i < 11; i++) expect(ramp.values[i]).toBeCloseTo((i + 0.5) / 2 - 0.5, 5);
  });

  it('clip to black and white', () => {
    expect([...toGrey(Float32Array.from([-9, 0, 1, 2, 9]), 0, 2)]).toEqual([0, 0, 128, 255, 255]);
  });
});

describe('plots', () => {
  it('escape text and place points by their ranges', () => {
    const svg = linePlot({
      title: 'a < b',
      x: { label: 'x & y', range: [0, 1], ticks: [] },
      y: { label: 'y', range: [0, 1], ticks: [] },
      series: [
        {
          label: '"s"',
          style: 'after',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    });
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('x &amp; y');
    expect(svg).toContain('&quot;s&quot;');
    // Lower left and upper right corner of the frame.
    expect(svg).toContain('d="M62.0 288.0L546.0 12.0"');
  });
});
