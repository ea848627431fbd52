import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Grid, Warning } from '@chimerax-like/rpc';
import { simulateModel, type ModelColumns } from '@locscale/native';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noPieces } from '../../daemon/src/engine/context.js';
import { fscOfLine } from '../../daemon/src/engine/refinement/servalcat/command.js';
import type { Refined } from '../../daemon/src/engine/refinement/types.js';
import { refineByServalcat } from '../../daemon/src/engine/steps/refine-by-servalcat.js';
import { readModel } from '../../daemon/src/models/index.js';
import { pdbText } from '../models/helpers/pdb.js';

// servalcat itself is not here: these tests run a small program that takes its command lines and says that it is a stand-in.
const fake = fileURLToPath(new URL('fake-servalcat.mjs', import.meta.url));
const grid: Grid = { shape: [24, 26, 28], voxelSize: [1.5, 1.5, 1.5], origin: [10, -4, 2] };
const before = process.env['PATH'];
let folder: string;
let atoms: ModelColumns;
let map: Float32Array;

beforeAll(async () => {
  const place = mkdtempSync(join(tmpdir(), 'locscale-model-'));
  const lines = Array.from({ length: 30 }, (_, i) => ({
    number: String(i + 1),
    position: [22 + 1.5 * (i % 5), 8 + 1.5 * Math.floor(i / 5), 18] as const,
    ...(i === 4 ? { element: 'H', name: ' H  ' } : {}),
  }));
  writeFileSync(join(place, 'model.pdb'), pdbText(lines));
  ({ atoms } = await readModel(join(place, 'model.pdb')));
  rmSync(place, { recursive: true });
  ({ map } = await simulateModel(atoms, grid));
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locscale-path-'));
  copyFileSync(fake, join(folder, 'servalcat'));
  chmodSync(join(folder, 'servalcat'), 0o755);
  process.env['PATH'] = [folder, dirname(process.execPath)].join(delimiter);
  process.env['FAKE_SERVALCAT_LOG'] = join(folder, 'calls');
});

afterEach(() => {
  process.env['PATH'] = before;
  for (const name of ['FAKE_SERVALCAT', 'FAKE_SERVALCAT_LOG', 'FAKE_SERVALCAT_PIDS'])
    Reflect.deleteProperty(process.env, name);
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly result: Refined;
  readonly warnings: readonly Warning[];
  readonly messages: readonly string[];
}

async function run(change: object = {}, signal = new AbortController().signal): Promise<Run> {
  const [warnings, messages]: [Warning[], string[]] = [[], []];
  const result = await refineByServalcat.run(
    {
      atoms,
      name: 'model.pdb',
      grid,
      maps: { kind: 'half maps', half1: map, half2: map },
      mask: undefined,
      pseudo: undefined,
      resolution: 3.4,
      restraintWeight: undefined,
      threads: undefined,
      ...change,
    },
    {
      signal,
      report: (_, message) => messages.push(message ?? ''),
      warn: (warning) => warnings.push(warning),
      slab: () => undefined,
      pieces: noPieces,
    },
  );
  return { result, warnings, messages };
}

const calls = (): readonly unknown[] =>
  readFileSync(join(folder, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('refinement by servalcat (a stand-in for it)', () => {
  it('is called as LocScale calls it where REFMAC5 is there', async () => {
    copyFileSync(fake, join(folder, 'refmac5'));
    chmodSync(join(folder, 'refmac5'), 0o755);
    const { result } = await run();
    expect(calls()).toEqual([
      'refine_spa --model in.cif --resolution 3.40 --ncycle 10 --output_prefix refined --halfmaps half1.mrc half2.mrc --hydrogen no --keywords'
        .split(' ')
        .concat('refi bonly'),
    ]);
    expect(result).toMatchObject({
      engine: 'servalcat',
      resolution: 3.4,
      restraintWeight: null,
      fscBefore: 0.6,
      fsc: 0.7,
    });
  });

  it('keeps positions fixed with its own engine, and takes one map', async () => {
    await run({ maps: { kind: 'map', map } });
    expect(calls()).toEqual([
      'refine_spa_norefmac --model in.cif -d 3.40 --ncycle 10 -o refined --map map.mrc --fix_xyz --adp iso --bfactor 40 --hydrogen no'.split(
        ' ',
      ),
    ]);
  });

  it('finds every atom again by its name, and says which one is missing', async () => {
    const { result, warnings, messages } = await run();
    // The last residue was lost, and takes the mean of those within 4 Å; the hydrogen was never refined.
    expect(Array.from(result.bFactors.subarray(0, 4))).toEqual([10, 20, 30, 40]);
    expect(result.bFactors[27]).toBe(280);
    expect(result.bFactors[29]).toBeGreaterThan(200);
    expect(
      Array.from(result.refined)
        .map((one, i) => (one === 0 ? i : -1))
        .filter((i) => i >= 0),
    ).toEqual([4, 29]);
    expect(warnings.map(({ kind }) => kind)).toEqual(['refinement.missing-atoms']);
    expect(messages).toContain('cycle 3: servalcat, FSC 0.6200');
    expect(result.cycles).toHaveLength(11);
  });

  it('is refused with one sentence where it is missing, too old, or fails', async () => {
    process.env['FAKE_SERVALCAT'] = 'old';
    await expect(run()).rejects.toMatchObject({
      kind: 'input.missing',
      message: expect.stringMatching(/--fix_xyz/u) as string,
    });
    process.env['FAKE_SERVALCAT'] = 'fail';
    await expect(run()).rejects.toMatchObject({
      kind: 'engine.crashed',
      message: expect.stringMatching(/ended with code 1: Error: cannot find the monomer library/u) as string,
      details: { log: expect.arrayContaining(['# a stand-in for servalcat, for tests']) as string[] },
    });
    process.env['FAKE_SERVALCAT'] = 'nothing';
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/left no usable refined\.mmcif/u) as string,
    });
    process.env['PATH'] = dirname(process.execPath);
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/no program of that name is on the PATH/u) as string,
    });
  });

  it('refuses what servalcat would mix up or cannot take', async () => {
    const twice = { ...atoms, residueNumbers: atoms.residueNumbers.map((number, i) => (i === 1 ? 1 : number)) };
    await expect(run({ atoms: twice })).rejects.toMatchObject({
      message: expect.stringMatching(/occurs more than once/u) as string,
    });
    await expect(run({ restraintWeight: 1 })).rejects.toMatchObject({ kind: 'input.parameter' });
  });

  it('ends with all that it has started when cancelled', async () => {
    process.env['FAKE_SERVALCAT'] = 'hang';
    const pids = join(folder, 'pids');
    process.env['FAKE_SERVALCAT_PIDS'] = pids;
    const controller = new AbortController();
    const running = run({}, controller.signal);
    const refused = expect(running).rejects.toMatchObject({ kind: 'job.cancelled' });
    while (!existsSync(pids)) await wait(20);
    await wait(100);
    controller.abort();
    await refused;
    const alive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      } catch {
        return false;
      }
    };
    const numbers = readFileSync(pids, 'utf8').split(' ').map(Number);
    for (let i = 0; i < 100 && numbers.some(alive); i++) await wait(20);
    expect(numbers.filter(alive)).toEqual([]);
  });

  it('reads the FSC of both engines’ logs', () => {
    expect(fscOfLine('cycle= 3 FSCaverage= 0.8123 others')).toBe(0.8123);
    expect(fscOfLine('FSCaverage = 0.75')).toBe(0.75);
    expect(fscOfLine('FSC curve written')).toBeNull();
  });
});
