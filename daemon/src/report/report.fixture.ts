import type { ReportData } from './data.js';

const axis = Float64Array.from({ length: 40 }, (_, r) => (r + 0.5) / 96);
const fall = (rate: number): Float64Array => axis.map((f) => 1000 * Math.exp(-rate * f ** 2));
const sigmoid = (resolution: number): Float64Array => axis.map((f) => 1 / (1 + Math.exp(60 * (f - 1 / resolution))));

/** A grey PNG of 2 × 2 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNg+M/Q4AAABUIBwHA2NtYAAAAASUVORK5CYII=',
  'base64',
);

/** Names that try to be more than names. */
export const hostileName = `half"><script>alert('1')</script>&amp;\u202Ecrm.evil_测.mrc`;

/** A report with every part. */
export const fullReport: ReportData = {
  title: 'sharpened.mrc',
  origin: { kind: 'contrast-only' },
  warnings: [{ kind: 'input.voxel-size', message: 'The header says 1.2 Å, and 1.19 Å was given; 1.19 Å is used.' }],
  options: [
    { name: '--halfmap_paths', value: hostileName, source: 'given' },
    { name: '--window_size', value: '22 voxels (26.4 Å)', source: 'default' },
  ],
  slices: {
    contrast: 'Black is 2 standard deviations below the mean of each map, white 8 above it.',
    planes: (['z', 'y', 'x'] as const).map((across) => ({
      across,
      section: 48,
      sections: 96,
      width: 115.2,
      height: 115.2,
      panels: ['input', 'output'].map((name) => ({ name, png })),
    })),
  },
  profiles: {
    axis,
    curves: [
      { name: 'input', values: fall(60) },
      { name: 'reference', values: fall(20) },
      { name: 'output', values: fall(22) },
    ],
    definition: 'Mean amplitude in full shells.',
  },
  fsc: [
    {
      title: 'Half maps',
      axis,
      marked: 3.61,
      curves: [{ name: 'half maps', values: sigmoid(4), crossings: { '0.143': 3.61, '0.5': null } }],
    },
  ],
  bfactors: {
    samples: [
      { name: 'input', values: Float64Array.from({ length: 101 }, (_, i) => 90 + (i - 50) / 5) },
      { name: 'output', values: Float64Array.from({ length: 101 }, (_, i) => 30 + (i - 50) / 10) },
    ],
    definition: 'Windows of 26.4 Å around voxels of the mask.',
  },
  audit: {
    total: 153,
    definition: 'A seeded sample of 1 % of the mask.',
    voxels: [
      {
        voxel: [40, 51, 33],
        axis,
        curves: [
          { name: 'map', values: fall(50) },
          { name: 'exponential fit', values: fall(48) },
        ],
        facts: [{ name: 'B-factor', value: '64.6 Å²' }],
      },
    ],
  },
  confidence: {
    shares: Array.from({ length: 40 }, (_, bin) => (bin === 19 || bin === 20 ? 0.31 : 0.01)),
    beyond: [
      { name: 'added, beyond +80', share: 0.04 },
      { name: 'taken away, beyond -80', share: 0.02 },
    ],
    levels: [{ nominal: 0.95, z: 1.96, observed: 0.871 }],
    reliability: Array.from({ length: 19 }, (_, i) => ({ nominal: (i + 1) / 20, z: i / 9, observed: (i + 1) / 22 })),
    voxels: 15_300,
  },
  network: { facts: [{ name: 'Name', value: 'emmernet-sim' }] },
  statistics: {
    maps: ['input', 'output'],
    rows: [
      { name: 'Excess kurtosis', unit: '', values: [25.758986, 78.862486], meaning: '0 for a normal distribution.' },
      { name: 'Surface area', unit: 'Å²', values: [25412.2, null], meaning: 'Of the contour of a fifth of the mask.' },
    ],
  },
  provenance: {
    program: 'LocScale',
    version: '0.1.0',
    recipe: 'reference-map',
    writtenAt: '2026-11-21T16:30:00.123Z',
    inputs: [
      {
        role: 'half map 1',
        name: hostileName,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        shape: [96, 80, 64],
        voxelSize: [1.2, 1.2, 1.2],
      },
    ],
    outputs: [{ role: 'sharpened', name: 'sharpened.mrc' }],
    steps: [
      { name: 'loadVolume', version: 1, seconds: 0.12 },
      { name: 'scaleWindows', version: 2, reused: true },
    ],
  },
};
