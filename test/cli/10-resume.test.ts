import { readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Grid } from '@chimerax-like/rpc';
import { enginePids } from '../daemon/helpers/processes.js';
import { noise, type Started, Workplace, writeInputs, writeMap } from './locscale.js';

/** Three slabs of 96 sections in which every voxel is scaled, with windows so large that each takes about a second. */
const grid: Grid = { shape: [288, 40, 40], voxelSize: [1.5, 1.5, 1.5], origin: [0, 0, 0] };
const inputs = ['-hm', 'half1.mrc', 'half2.mrc', '-mm', 'reference.mrc', '-ma', 'mask.mrc'];
const slow = [...inputs, '-wn', '40', '-np', '1'];

let workplace: Workplace;
beforeEach(async () => {
  workplace = await Workplace.create();
});
afterEach(() => workplace.close());

async function writeLongInputs(): Promise<void> {
  for (const [i, name] of ['half1', 'half2', 'reference'].entries())
    await writeMap(workplace.path(`${name}.mrc`), grid, noise(i + 1));
  await writeMap(workplace.path('mask.mrc'), grid, () => 1);
}

/** Entries of the store that can only be slabs, by name. */
function slabs(): Map<string, number> {
  const store = workplace.path('home/store');
  const entries = (() => {
    try {
      return readdirSync(store).filter((name) => name.endsWith('.entry'));
    } catch {
      return [];
    }
  })();
  const files = entries.map((name) => [name, statSync(join(store, name))] as const);
  // The number of the file: an entry that is written again is another file.
  return new Map(files.filter(([, { size }]) => size > 100_000).map(([name, { ino }]) => [name, ino]));
}

async function untilFirstSlab({ child }: Started): Promise<void> {
  while (slabs().size === 0) {
    if (child.exitCode !== null) throw new Error('the run ended before a slab was kept');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

interface Sidecar {
  readonly steps: readonly { readonly name: string; readonly from: string }[];
  readonly timingsSeconds: Readonly<Record<string, number>>;
}
const sidecar = (name: string): Sidecar =>
  JSON.parse(readFileSync(workplace.path(`${name}.locscale.json`), 'utf8')) as Sidecar;
const originOf = (name: string, step: string): string | undefined =>
  sidecar(name).steps.find((each) => each.name === step)?.from;

describe('a run that is killed while it scales', () => {
  const node = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Started =>
    workplace.start(process.execPath, [workplace.program, ...args], env);

  async function goesOn(route: readonly string[], kept: ReadonlyMap<string, number>): Promise<void> {
    expect([...kept].length).toBeLessThan(3);
    expect((await readdir(workplace.folder)).filter((name) => name.startsWith('resumed'))).toEqual([]);
    const { code, error } = await node([...slow, '-o', 'resumed.mrc', ...route]).finished;
    expect(code, error).toBe(0);
    const after = slabs();
    expect(after.size).toBe(3);
    // Slabs that were there are the same files as before: they were not computed and written again.
    for (const [name, file] of kept) expect(after.get(name)).toBe(file);
    expect(originOf('resumed', 'scaleWindows')).toBe('computed');
    const undisturbed = await node([...slow, '-o', 'whole.mrc', '--no-daemon'], { LOCSCALE_STORE_LIMIT: '0' }).finished;
    expect(undisturbed.code, undisturbed.error).toBe(0);
    expect(readFileSync(workplace.path('resumed.mrc')).equals(readFileSync(workplace.path('whole.mrc')))).toBe(true);
    expect((await node([...slow, '-o', 'again.mrc', ...route]).finished).code).toBe(0);
    expect(originOf('again', 'scaleWindows')).toBe('store');
  }

  it('by SIGKILL of its own process goes on behind its last finished slab', async () => {
    await writeLongInputs();
    const started = node([...slow, '-o', 'resumed.mrc', '--no-daemon']);
    await untilFirstSlab(started);
    started.child.kill('SIGKILL');
    await started.finished;
    await goesOn(['--no-daemon'], slabs());
  });

  it('by SIGKILL of the daemon’s engine goes on behind its last finished slab', async () => {
    await writeLongInputs();
    expect((await node(['daemon', 'start']).finished).code).toBe(0);
    const started = node([...slow, '-o', 'resumed.mrc']);
    await untilFirstSlab(started);
    enginePids(workplace.path('home')).forEach((pid) => process.kill(pid, 'SIGKILL'));
    const { code, error } = await started.finished;
    expect(code).toBe(1);
    expect(error).toContain('was killed (SIGKILL) during the step scaleWindows');
    await goesOn([], slabs());
  });
});

describe('without a store', () => {
  const plain = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const started = workplace.start(
      process.execPath,
      [workplace.program, ...inputs, '-wn', '10', '-o', 'out.mrc', '--no-daemon'],
      env,
    );
    const { code, error } = await started.finished;
    expect(code, error).toBe(0);
    expect(originOf('out', 'scaleWindows')).toBe('computed');
    return error;
  };

  it('LOCSCALE_STORE_LIMIT=0 keeps nothing and says nothing of it', async () => {
    await writeInputs(workplace);
    for (let i = 0; i < 2; i++) expect(await plain({ LOCSCALE_STORE_LIMIT: '0' })).not.toContain('kept');
    expect(await readdir(workplace.path('home/store'))).toEqual([]);
  });

  it('a state folder that cannot be used costs the keeping only, with a note', async () => {
    await writeInputs(workplace);
    await writeFile(workplace.path('occupied'), 'a file where the folder should be');
    const env = { LOCSCALE_HOME: workplace.path('occupied') };
    for (let i = 0; i < 2; i++)
      expect(await plain(env)).toMatch(/Results of steps are not kept: The folder of the store/);
  });

  it('a store into which others can write is not used', async () => {
    await writeInputs(workplace);
    await mkdir(workplace.path('open/store'), { recursive: true });
    await chmod(workplace.path('open/store'), 0o777);
    expect(await plain({ LOCSCALE_HOME: workplace.path('open') })).toMatch(
      /not kept: .* can be written by other users/,
    );
  });
});
