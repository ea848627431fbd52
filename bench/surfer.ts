import { readFile } from 'node:fs/promises';
import { volumeSchema } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { withWorkplace } from './locscale.js';
import type { Bench } from './measurement.js';
import { median, rounds, timed } from './timing.js';

const edge = 256;
/** Seconds for another threshold that the project wants, after the first call. */
const goal = 0.1;
const thresholds = 20;

export const surferBench: Bench = {
  name: 'surfer',
  about: `another threshold for context in ${edge}³ voxels, from the call of context.subtract to its answer; on the clock`,
  run: ({ report, note }) =>
    withWorkplace(async ({ daemon }) => {
      const { url, token } = await daemon();
      const headers = { authorization: `Bearer ${token}` };
      const client = await connect(url, { token });
      const put = async (voxels: Float32Array): Promise<string> => {
        const query = `shape=${edge},${edge},${edge}&voxelSize=1,1,1`;
        const type = { 'content-type': 'application/octet-stream' };
        const body = new Uint8Array(voxels.buffer as ArrayBuffer);
        const answer = await fetch(`${url}/volumes?${query}`, {
          method: 'PUT',
          headers: { ...headers, ...type },
          body,
        });
        if (answer.status !== 201) throw new Error(`Upload: HTTP ${answer.status} ${await answer.text()}`);
        return volumeSchema.parse(await answer.json()).id;
      };
      try {
        const context = await put(belt());
        const target = await put(Float32Array.from({ length: edge ** 3 }, (_, i) => Math.sin(i)));
        let replaces: string | undefined;
        const call = async (threshold: number): Promise<number> => {
          const { wall, result } = await timed(() =>
            client.call('context.subtract', { context, target, threshold, ...(replaces ? { replaces } : {}) }),
          );
          replaces = result.cleaned.id;
          return wall;
        };
        report({ case: 'first call, which reads both volumes', value: await call(0.5), unit: 's' });
        let turn = 0;
        const walls = await rounds(thresholds, () => call(0.3 + (0.4 * turn++) / thresholds));
        const sorted = [...walls].sort((a, b) => a - b);
        const against = { what: 'goal', value: goal, goal: 1 };
        report({ case: 'each call after it, median', value: median(walls), unit: 's', against });
        report({ case: 'each call after it, 19 of 20', value: sorted.at(-2) ?? NaN, unit: 's', against });
        const fetched = await timed(async () => {
          const answer = await fetch(`${url}/volumes/${replaces}?format=raw`, { headers });
          const { byteLength } = await answer.arrayBuffer();
          if (byteLength !== 4 * edge ** 3) throw new Error(`Download: HTTP ${answer.status}, ${byteLength} bytes`);
        });
        report({ case: 'fetching the result, 64 MiB', value: fetched.wall, unit: 's' });
        const another = call(0.5);
        let status = await client.call('daemon.status');
        while (status.memoryReservedBytes === 0) status = await client.call('daemon.status');
        await another;
        const peak = await peakOfChildren(status.pid);
        if (peak === null) note('memory is known on Linux only');
        else
          report({
            case: 'memory of the engine at its peak',
            value: peak / 1024 ** 2,
            unit: 'MiB',
            against: { what: 'reserved for it', value: status.memoryReservedBytes / 1024 ** 2, goal: 1 },
          });
      } finally {
        client.close();
      }
    }),
};

/** A ring around the middle of the box, as a belt lies: 1 in its middle, falling to 0 over 30 voxels. */
function belt(): Float32Array {
  return Float32Array.from({ length: edge ** 3 }, (_, at) => {
    const [z, y, x] = [Math.floor(at / edge / edge), Math.floor(at / edge) % edge, at % edge];
    const aside = Math.hypot(Math.hypot(y - edge / 2, x - edge / 2) - edge / 4, z - edge / 2);
    return Math.max(0, 1 - aside / 30);
  });
}

/** Most memory that one of the processes started by `pid` has had so far, bytes. */
async function peakOfChildren(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => null);
  if (children === null) return null;
  const peaks = await Promise.all(
    children
      .trim()
      .split(' ')
      .map(async (child) => {
        const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
        return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
      }),
  );
  return Math.max(...peaks);
}
