import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVolume } from '../../daemon/dist/volumes/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoResult, runDemo } from '../../demo/dist/run.js';

describe('the demonstration on a coarse grid', () => {
  let output: string;
  let result: DemoResult;
  const parts: string[] = [];
  const fractions: number[] = [];

  beforeAll(async () => {
    output = await mkdtemp(join(tmpdir(), 'locscale-demo-'));
    result = await runDemo({
      output,
      seed: 1,
      edge: 64,
      voxelSize: 1.7,
      resolution: 4.5,
      onPart: (part) => parts.push(part),
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
  }, 120_000);

  afterAll(async () => {
    await rm(output, { recursive: true, force: true });
  });

  it('improves the correlation with the truth over the molecule and in every modelled part', () => {
    const { unsharpened, sharpened } = result.findings.maps;
    sharpened.correlations.slice(0, -1).forEach((after, i) => {
      expect(after, result.findings.classes[i]?.label).toBeGreaterThan((unsharpened.correlations[i] as number) + 0.01);
    });
  });

  it('fades the tail, which the reference lacks, and says so', async () => {
    const { unsharpened, sharpened } = result.findings.maps;
    expect(sharpened.correlations.at(-1)).toBeLessThan(unsharpened.correlations.at(-1) as number);
    expect(await readFile(result.page, 'utf8')).toContain('fades the density');
  });

  it('spreads local contrast more like the truth', () => {
    const { unsharpened, sharpened } = result.findings.maps;
    const spread = (bins: readonly { readonly median: number }[]): number =>
      Math.max(...bins.map((bin) => bin.median)) / Math.min(...bins.map((bin) => bin.median));
    expect(spread(sharpened.contrast)).toBeLessThan(spread(unsharpened.contrast));
  });

  it('leaves every FSC a correlation', () => {
    for (const { fscMasked } of Object.values(result.findings.maps))
      for (const value of fscMasked.value) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('writes the maps, the structure and the page, and the map that the daemon wrote is the one it sent', async () => {
    const names = await readdir(output);
    for (const name of ['half1', 'half2', 'unsharpened', 'reference', 'mask', 'sharpened', 'truth'])
      expect(names).toContain(`${name}.mrc`);
    expect(names).toContain('structure.cif');
    const [sharpened, mask] = [
      await readVolume(join(output, 'sharpened.mrc')),
      await readVolume(join(output, 'mask.mrc')),
    ];
    expect(sharpened.grid).toEqual(mask.grid);
    sharpened.voxels.forEach((value, i) => {
      if (mask.voxels[i] === 0 && value !== 0) expect.fail(`voxel ${i} outside the mask is ${value}, expected 0`);
    });
    expect(sharpened.statistics.sd).toBeGreaterThan(0);
  });

  it('makes one page that asks nothing of the network', async () => {
    const page = await readFile(result.page, 'utf8');
    const sources = [...page.matchAll(/\ssrc="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(sources).toHaveLength(12);
    expect(sources.filter((source) => !source.startsWith('data:image/png;base64,'))).toEqual([]);
    const text = page.replace(/data:image\/png;base64,[A-Za-z0-9+/=]*/g, 'PICTURE');
    // Anything that would make a browser fetch, and numbers that went wrong.
    const suspects =
      /(?:src|href|action|data|poster)\s*=\s*["']?\s*(?:https?:)?\/\/|@import|<script|<link|<iframe|url\((?!#)/gi;
    expect(text.match(suspects)).toBeNull();
    expect(text.match(/NaN|undefined|Infinity/g)).toBeNull();
  });

  it('reports every part with its time, and progress that does not go back', () => {
    expect(parts).toContain('sharpen through the daemon');
    expect(parts).toContain('stop the daemon');
    expect(result.seconds).toBeGreaterThan(0);
    fractions.slice(1).forEach((fraction, i) => expect(fraction).toBeGreaterThanOrEqual(fractions[i] as number));
  });

  it('stops its daemon and takes its folder away', async () => {
    expect(await readdir(output)).not.toContain('daemon');
  });
});
