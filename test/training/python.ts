import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../training/', import.meta.url));

/** Runs Python in `training/`. */
function run(program: string, args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const done = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '2' },
  });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

/** The first Python that has the modules: that of the search path, or the system's, for which distributions package PyTorch. */
export function pythonWith(...modules: readonly string[]): string | null {
  const has = (program: string): boolean => run(program, ['-c', `import ${modules.join(', ')}`]).status === 0;
  return ['python3', '/usr/bin/python3'].find(has) ?? null;
}

export const unittest = (program: string, file: string): ReturnType<typeof run> =>
  run(program, ['-m', 'unittest', '-v', `tests.${file}`]);
