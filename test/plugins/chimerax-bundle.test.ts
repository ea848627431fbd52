import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFolder, installBundle, runChimerax } from './install-bundle.js';

/** The bundle in the real program: `CHIMERAX` names its executable. Pictures stay in `CHIMERAX_PICTURES`, if that is set. */
const chimerax = process.env['CHIMERAX'];
const pictures = process.env['CHIMERAX_PICTURES'];
const limitMs = 20 * 60_000;

const storiesFolder = join(bundleFolder, 'tests', 'stories');
const stories = readdirSync(storiesFolder)
  .filter((name) => name.endsWith('.py'))
  .flatMap((name) => [...readFileSync(join(storiesFolder, name), 'utf8').matchAll(/^def (test_\w+)/gm)])
  .map((match) => match[1] ?? '');

interface Outcome {
  readonly ok: boolean;
  readonly why?: string;
}

if (chimerax === undefined)
  process.stdout.write(
    `chimerax-bundle: ${stories.length + 2} tests skipped, CHIMERAX names no executable of ChimeraX (docs/chimerax.md)\n`,
  );

describe.skipIf(chimerax === undefined)('the bundle in ChimeraX', () => {
  let folder = '';
  let outcomes: Readonly<Record<string, Outcome>> = {};

  const run = (command: string, ...words: readonly string[]): Promise<string> =>
    runChimerax(folder, limitMs, command, ...words);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'locscale-chimerax-'));
    await installBundle(folder, chimerax ?? '');
    const script = `"${join(bundleFolder, 'tests', 'in_chimerax.py')}" "${folder}"`;
    const printed = await run(chimerax ?? '', '--nogui', '--offscreen', '--exit', '--script', script);
    const written = join(folder, 'results.json');
    expect(existsSync(written), printed).toBe(true);
    const { results, numbers } = JSON.parse(readFileSync(written, 'utf8')) as {
      readonly results: typeof outcomes;
      readonly numbers: object;
    };
    outcomes = results;
    process.stdout.write(`chimerax-bundle: ${JSON.stringify(numbers)}\n`);
  }, limitMs);

  afterAll(async () => {
    if (pictures !== undefined)
      await cp(folder, pictures, { recursive: true, filter: (path) => path === folder || path.endsWith('.png') });
    await rm(folder, { recursive: true, force: true });
  });

  test.each(stories)('%s', (story) => {
    expect(outcomes[story]?.ok, outcomes[story]?.why).toBe(true);
  });

  test('a ChimeraX that has ended leaves no daemon and no engine', () => {
    expect(processesOf(folder)).toEqual([]);
  });

  test(
    'with windows: panel and key work, the interface is not held up, quitting in mid-job leaves no process',
    async (context) => {
      const display = process.env['DISPLAY'] === undefined ? 'xvfb-run' : undefined;
      if (display !== undefined && !onPath(display))
        context.skip('no display, and no xvfb-run on PATH (Debian: apt-get install xvfb xauth)');
      const script = ['--script', `"${join(bundleFolder, 'tests', 'in_gui.py')}" "${folder}"`];
      const printed = await (display === undefined
        ? run(chimerax ?? '', ...script)
        : run(display, '-a', '-s', '-screen 0 1400x1000x24', chimerax ?? '', ...script));
      const written = join(folder, 'gui.json');
      expect(existsSync(written), printed).toBe(true);
      const found = JSON.parse(readFileSync(written, 'utf8')) as Readonly<Record<string, unknown>>;
      process.stdout.write(`chimerax-bundle: ${JSON.stringify(found)}\n`);
      expect(found).not.toHaveProperty('why');
      expect(found).toMatchObject({
        panel: ['done', 'done'],
        logged: true,
        'bundle behind REST': [true],
        'REST server': [false, true, false],
        presets: [true, false, false, true],
        'toolbar button': [true, false],
        'panel after reopening': ['none', 'mask'],
        surfer: 'done',
        slider: [0.9, true],
        'cleaned less at a higher threshold': true,
        job: 'done',
        'left in mid-job': true,
      });
      expect(found['ms of our longest call']).toBeLessThan(50);
      // The daemon ends when ChimeraX has said goodbye, a moment after it.
      await expect.poll(() => processesOf(folder), { timeout: 10_000 }).toEqual([]);
    },
    limitMs,
  );
});

/** Numbers of the processes that run with the state folder of this test. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LOCSCALE_HOME=${join(folder, 'state')}`);
    } catch {
      return false; // it has ended, or is somebody else's
    }
  });
}

function onPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((place) => existsSync(join(place, command)));
}
