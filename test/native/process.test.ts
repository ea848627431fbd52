import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Gone, or a zombie that nobody reaped: `kill(pid, 0)` could not tell a zombie from a living process. */
function ended(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return true;
  return /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

it.skipIf(platform() !== 'linux')(
  'kills a child in the middle of a busy loop when its parent dies (Linux)',
  async () => {
    const child = `
    import { dieWithParent } from '@locscale/native';
    if (!dieWithParent(process.ppid)) process.exit(1);
    console.log(process.pid);
    for (;;);`;
    const parent = `
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(child)}], { stdio: ['ignore', 'inherit', 'inherit'] });
    setInterval(() => {}, 1000);`;
    const middle = spawn(process.execPath, ['--input-type=module', '-e', parent], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(middle.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(pid).toBeGreaterThan(0);
    expect(ended(pid)).toBe(false);

    middle.kill('SIGKILL');
    await once(middle, 'exit');
    for (let attempt = 0; attempt < 50 && !ended(pid); attempt++) await sleep(20);
    const survived = !ended(pid);
    if (survived) process.kill(pid, 'SIGKILL');
    expect(survived).toBe(false);
  },
);

it('says when the parent is gone already', async () => {
  // In a child of its own, because the request would bind the test runner too.
  const script = `
    import { dieWithParent } from '@locscale/native';
    process.exitCode = dieWithParent(process.ppid) && !dieWithParent(process.ppid + 1) ? 0 : 1;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root, stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
});
