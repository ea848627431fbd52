import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isSameProcess, killIfThere, processStartTime } from './process-identity.js';

it('a process is killed, and one that is gone by then is no error', async () => {
  const child = spawn('sleep', ['60']);
  const { pid = 0 } = child;
  const startTime = (await processStartTime(pid)) ?? expect.fail('it does not run');
  const ended = once(child, 'exit');
  killIfThere(pid);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(await isSameProcess(pid, startTime)).toBe(false);
  expect(() => {
    killIfThere(pid);
  }).not.toThrow();
});
