import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../training/', import.meta.url));

function python(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const run = spawnSync('python3', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '2' },
  });
  return { status: run.status, said: `${run.stdout}${run.stderr}` };
}

const has = (module: string): boolean => python('-c', `import ${module}`).status === 0;
const hasNumpy = has('numpy') && has('scipy');

/** Runs the tests of one Python file; those in it that the machine cannot run would show as skipped, which is a fault here. */
function passes(file: string): void {
  const { status, said } = python('-m', 'unittest', '-v', `tests.${file}`);
  expect(status, said).toBe(0);
  expect(said).toMatch(/Ran [1-9]\d* tests?/u);
  expect(said).not.toContain('skipped');
}

describe.skipIf(!hasNumpy)('training code (needs python3-numpy and python3-scipy)', () => {
  it('simulates maps', () => {
    passes('test_simulate');
  });
});
