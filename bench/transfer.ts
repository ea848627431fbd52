import { volumeSchema } from '@chimerax-like/rpc';
import { withWorkplace } from './locscale.js';
import type { Bench } from './measurement.js';
import { median, rounds, timed } from './timing.js';

const edge = 256;
/** Seconds for 64 MiB into a client that the project wants. */
const goal = 0.3;

export const transferBench: Bench = {
  name: 'transfer',
  about: 'a volume of 64 MiB between a client in Node and the daemon, by HTTP; on the clock',
  run: ({ report }) =>
    withWorkplace(async ({ daemon }) => {
      const { url, token } = await daemon();
      const headers = { authorization: `Bearer ${token}` };
      const voxels = Float32Array.from({ length: edge ** 3 }, (_, i) => Math.sin(i));

      const up = async (): Promise<string> => {
        const query = `shape=${edge},${edge},${edge}&voxelSize=1,1,1`;
        const type = { 'content-type': 'application/octet-stream' };
        const body = new Uint8Array(voxels.buffer);
        const answer = await fetch(`${url}/volumes?${query}`, {
          method: 'PUT',
          headers: { ...headers, ...type },
          body,
        });
        if (answer.status !== 201) throw new Error(`Upload: HTTP ${answer.status} ${await answer.text()}`);
        return volumeSchema.parse(await answer.json()).id;
      };
      const down = async (id: string): Promise<void> => {
        const answer = await fetch(`${url}/volumes/${id}?format=raw`, { headers });
        const { byteLength } = await answer.arrayBuffer();
        if (byteLength !== voxels.byteLength) throw new Error(`Download: HTTP ${answer.status}, ${byteLength} bytes`);
      };

      const times = await rounds(6, async () => {
        const upload = await timed(up);
        return { up: upload.wall, down: (await timed(() => down(upload.result))).wall };
      });
      // The first round warms both sides up.
      const warm = times.slice(1);
      report({ case: 'upload, checked and stored', value: median(warm.map((time) => time.up)), unit: 's' });
      report({
        case: 'download',
        value: median(warm.map((time) => time.down)),
        unit: 's',
        against: { what: 'goal', value: goal, goal: 1 },
      });
    }),
};
