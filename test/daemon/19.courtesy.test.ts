import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Courtesy } from '../../daemon/src/engine/priority.js';

const file = '/proc/self/autogroup';
const module = new URL('../../daemon/dist/engine/priority.js', import.meta.url);

/** Tells the niceness of its session before, during and after one courtesy, and when another has ended by itself. */
const program = `
  import { readFileSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { Courtesy } from ${JSON.stringify(module)};
  const niceness = () => Number(/nice (-?\\d+)/.exec(readFileSync('${file}', 'utf8'))[1]);
  // A change may be put off, ten a second from all of the machine.
  const until = async (wanted) => { while (niceness() !== wanted) await setTimeout(20); return wanted; };
  const courtesy = new Courtesy();
  const seen = [niceness()];
  while (niceness() !== 10) { courtesy.begin(); await setTimeout(20); }
  seen.push(niceness());
  courtesy.end();
  seen.push(await until(0));
  while (niceness() !== 10) { courtesy.begin(); await setTimeout(20); }
  seen.push(niceness(), await until(0));
  console.log(JSON.stringify(seen));
`;

/** Whether a new session may set its share: not where the kernel has no groups of sessions, nor in some containers. */
const mayGiveWay = spawnSync('setsid', ['--wait', 'sh', '-c', `echo 0 >${file}`]).status === 0;

it.skipIf(!mayGiveWay)(
  `a session of its own gives way for a moment and has its share back (${mayGiveWay ? 'autogroup' : 'skipped: no session may set its share here'})`,
  async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { detached: true });
    const [said, failed] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(failed).toBe('');
    expect(JSON.parse(said)).toEqual([0, 10, 0, 10, 0]);
  },
);

vi.mock('node:fs', { spy: true });

describe.runIf(process.platform === 'linux')('where sessions cannot give way', () => {
  afterEach(() => vi.resetAllMocks());

  const refuse = (errno: number): void => {
    const error = Object.assign(new Error('refused'), { errno: -errno });
    vi.mocked(fs.writeFileSync).mockImplementation(() => {
      throw error;
    });
  };

  const { ENOENT, EACCES, EPERM, EROFS, EINVAL, ENOSPC } = constants.errno;
  it.each([ENOENT, EACCES, EPERM, EROFS, EINVAL])('nothing is said (errno %i)', (errno) => {
    refuse(errno);
    const courtesy = new Courtesy();
    courtesy.begin();
    courtesy.end();
    expect(fs.writeFileSync).toHaveBeenCalledTimes(2);
  });

  it('no other fault is hidden', () => {
    refuse(ENOSPC);
    expect(() => new Courtesy().end()).toThrow('refused');
  });
});
