import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = (path: string): string => fileURLToPath(new URL(`../../native/${path}`, import.meta.url));

it('passes the kernel tests in C++, under the address and undefined-behaviour sanitisers', () => {
  execFileSync('make', ['--silent', '-j2', '-C', folder('test')], { stdio: 'pipe' });
  const report = execFileSync(folder('build/test/kernel_tests'), { encoding: 'utf8' });
  expect(report).toMatch(/^[1-9]\d* tests, 0 failed checks$/m);
  expect(report).not.toMatch(/FAILED/);
}, 900_000); // a limit against hanging: compiling takes minutes where others use the processors
