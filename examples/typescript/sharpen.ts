/**
 * Sharpens a map through the daemon: connect, upload, sharpen, download.
 *
 *   node examples/dist/typescript/sharpen.js HALF1 HALF2 REFERENCE MASK OUT
 *
 * The daemon must run (`npx locscale daemon start`). Uploading works from anywhere that reaches the daemon's port; on the
 * daemon's own machine `volume.open` with a path saves the copy.
 */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connectionFileSchema, type Job, volumeSchema } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';

/** Where the daemon says how to reach it (docs/protocol.md, Connecting). */
function connectionFile(): string {
  const { LOCSCALE_HOME, XDG_RUNTIME_DIR, XDG_STATE_HOME } = process.env;
  if (LOCSCALE_HOME) return join(LOCSCALE_HOME, 'daemon.json');
  if (XDG_RUNTIME_DIR) return join(XDG_RUNTIME_DIR, 'locscale', 'daemon.json');
  const state = XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'locscale', 'hosts', hostname(), 'daemon.json');
}

const [half1, half2, reference, mask, out] = process.argv.slice(2);
if (!half1 || !half2 || !reference || !mask || !out) {
  throw new Error('usage: sharpen.js HALF1 HALF2 REFERENCE MASK OUT');
}

const { url, tokenFile } = connectionFileSchema.parse(JSON.parse(await readFile(connectionFile(), 'utf8')));
const token = (await readFile(tokenFile, 'utf8')).trim();
const headers = { Authorization: `Bearer ${token}` };

async function upload(path: string): Promise<string> {
  const response = await fetch(`${url}/volumes?name=${encodeURIComponent(basename(path))}`, {
    method: 'PUT',
    headers: { ...headers, 'Content-Type': 'application/x-mrc' },
    body: await readFile(path),
  });
  if (!response.ok) throw new Error(`upload of ${path}: HTTP ${response.status} ${await response.text()}`);
  return volumeSchema.parse(await response.json()).id;
}

async function download(volume: string, path: string): Promise<void> {
  const response = await fetch(`${url}/volumes/${volume}?format=mrc`, { headers });
  if (!response.ok || response.body === null) throw new Error(`download: HTTP ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
}

const client = await connect(url, { token });
try {
  const hello = await client.call('session.hello', { client: 'example in TypeScript', api: '1.0' });
  console.log(`daemon ${hello.version}, SIMD ${hello.engine.simd ?? 'unknown'}`);

  client.on('job.progress', ({ progress }) =>
    console.log(`${Math.round(progress.fraction * 100)} % ${progress.message}`),
  );
  const volumes = {
    half1: await upload(half1),
    half2: await upload(half2),
    reference: await upload(reference),
    mask: await upload(mask),
  };
  const submitted = await client.call('job.submit', {
    recipe: 'reference-map',
    inputs: { halfMaps: [volumes.half1, volumes.half2], reference: volumes.reference, mask: volumes.mask },
  });
  const ended = new Promise<Job>((resolve) => {
    client.on('job.changed', ({ job }) => {
      if (job.id === submitted.id && job.endedAt !== null) resolve(job);
    });
  });
  // Asked for once by name: the end may have come before anybody listened.
  const now = await client.call('job.get', { job: submitted.id });
  const job = now.endedAt === null ? await ended : now;
  const sharpened = job.outputs['sharpened'];
  if (sharpened === undefined) throw new Error(job.error?.message ?? `the job ended as ${job.state}`);

  await download(sharpened, out);
  for (const volume of [...Object.values(volumes), sharpened]) await client.call('volume.close', { volume });
  console.log(`${out} written`);
} finally {
  client.close();
}
