import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { root, Workplace, writeInputs } from './locscale.js';

const files = ['half1.mrc', 'half2.mrc', 'reference.mrc', 'mask.mrc'];
const examples = join(root, 'examples');

const has = (command: string): boolean => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
  const inputs = await writeInputs(workplace, 48);
  // Starts the daemon as well; the examples must give the same map.
  expect((await workplace.run(...inputs, '-o', 'expected.mrc')).code).toBe(0);
});
afterAll(() => workplace.close());

async function sharpensBy(command: string, args: readonly string[], out: string): Promise<void> {
  const env = { LOCSCALE: `${process.execPath} ${workplace.program}` };
  const { code, error } = await workplace.start(command, [...args, ...files, out], env).finished;
  expect(code, error).toBe(0);
  const [made, expected] = await Promise.all([out, 'expected.mrc'].map((name) => readVolume(workplace.path(name))));
  expect(made?.voxels).toEqual(expected?.voxels);
  expect(made?.grid).toEqual(expected?.grid);
  expect(JSON.parse((await workplace.run('call', 'volume.list')).out)).toEqual([]);
}

it('TypeScript: connects, uploads, sharpens, downloads', () =>
  sharpensBy(process.execPath, [join(examples, 'dist/typescript/sharpen.js')], 'typescript.mrc'));

it.skipIf(!has('python3'))('Python with its standard library only (skipped where python3 is not installed)', () =>
  sharpensBy('python3', ['-I', join(examples, 'python/sharpen.py')], 'python.mrc'),
);

it.skipIf(!has('curl'))('shell and curl (skipped where curl is not installed)', () =>
  sharpensBy('sh', [join(examples, 'shell/sharpen.sh')], 'shell.mrc'),
);

it.skipIf(!has('python3'))(
  'Python prints the daemon’s own sentence (skipped where python3 is not installed)',
  async () => {
    await writeFile(workplace.path('text.mrc'), 'REMARK not a map\n'.repeat(100));
    const args = [join(examples, 'python/sharpen.py'), 'half1.mrc', 'half2.mrc', 'reference.mrc', 'text.mrc', 'x.mrc'];
    const { code, error } = await workplace.start('python3', args).finished;
    expect(error).toMatch(/^sharpen\.py: text\.mrc is a PDB model, .*\.\n$/);
    expect(code).toBe(1);
  },
);
