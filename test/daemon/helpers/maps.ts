import type { Grid, Job, RpcClient } from '@chimerax-like/rpc';
import type { TestDaemon } from './daemon.js';

export const apix = 1.5;

export function grid(n: number): Grid {
  return { shape: [n, n, n], voxelSize: [apix, apix, apix], origin: [0, 0, 0] };
}

/** A blob in noise; another seed gives the other half map. */
export function blob(n: number, seed: number): Float32Array {
  const voxels = new Float32Array(n ** 3);
  let state = seed * 2654435761;
  for (let z = 0, i = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const r2 = (z - n / 2) ** 2 + (y - n / 2) ** 2 + (x - n / 2) ** 2;
        voxels[i] = Math.exp((-8 * r2) / (n * n)) + 0.2 * (state / 2 ** 32 - 0.5);
      }
  return voxels;
}

/** 1 in a ball of this share of the box (2: everywhere). */
export function ball(n: number, share: number): Float32Array {
  const voxels = new Float32Array(n ** 3);
  for (let i = 0; i < voxels.length; i++) {
    const [z, y, x] = [Math.floor(i / n / n), Math.floor(i / n) % n, i % n];
    voxels[i] = Number(Math.hypot(z - n / 2, y - n / 2, x - n / 2) <= (share * n) / 2);
  }
  return voxels;
}

/** Uploads raw voxels and returns the id of the volume. */
export async function upload(
  { url, token }: Pick<TestDaemon, 'url' | 'token'>,
  voxels: Float32Array,
  { shape, voxelSize }: Grid,
): Promise<string> {
  const response = await fetch(`${url}/volumes?shape=${shape.join(',')}&voxelSize=${voxelSize.join(',')}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(voxels.buffer as ArrayBuffer),
  });
  const answer = (await response.json()) as { readonly id: string };
  if (response.status !== 201) throw new Error(JSON.stringify(answer));
  return answer.id;
}

export interface Inputs {
  readonly map: string;
  readonly reference: string;
  readonly mask: string;
}

/** Uploads a map, a reference and a mask of n³ voxels. */
export async function uploadInputs(daemon: TestDaemon, n: number, maskShare = 0.6): Promise<Inputs> {
  return {
    map: await upload(daemon, blob(n, 1), grid(n)),
    reference: await upload(daemon, blob(n, 7), grid(n)),
    mask: await upload(daemon, ball(n, maskShare), grid(n)),
  };
}

/** A job of a few tenths of a second. */
export const quick = { recipe: 'reference-map', parameters: { windowSize: 10 } };
/** With 96³ voxels all in the mask and one thread: many seconds. */
export const slow = { recipe: 'reference-map', parameters: { windowSize: 60, threads: 1 } };

/** Submits a job that runs long enough to be interrupted; `n`: edge of its box. */
export async function submitSlow(daemon: TestDaemon, client: RpcClient = daemon.client, n = 96): Promise<Job> {
  const inputs = await uploadInputs(daemon, n, 2);
  return client.call('job.submit', { ...slow, inputs: { ...inputs } });
}
