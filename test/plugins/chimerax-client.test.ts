import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** The client of the ChimeraX bundle has its tests beside it, in Python; the real daemon runs in them. */
const folder = fileURLToPath(new URL('../../plugins/chimerax/tests', import.meta.url));
const modules = readdirSync(folder).filter((name) => /^test_.*\.py$/.test(name));

describe('the Python client of the ChimeraX bundle', () => {
  test.each(modules)(
    '%s',
    (module) => {
      const run = spawnSync(
        'python3',
        ['-W', 'error::ResourceWarning', '-m', 'unittest', '-v', module.replace('.py', '')],
        {
          cwd: folder,
          encoding: 'utf8',
          timeout: 290_000,
          env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
        },
      );
      expect(run.error).toBeUndefined();
      // The list of tests and the reasons of failures; a run without tests is one that failed.
      expect(run.stderr).toMatch(/^Ran [1-9]\d* tests? in .*\n\nOK$/m);
      expect(run.status, join(folder, module)).toBe(0);
    },
    300_000,
  );
});
