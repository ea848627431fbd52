import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import { statePaths } from '../../state.js';
import { NetworkLibrary } from './library.js';
import { type Manifest, manifestSchema } from './manifest.js';

/** The published network by the name that `network pull` gives it, and the one that comes with the program. */
const published = 'emmernet';
export const embedded = 'emmernet-sim';
const embeddedFolder = fileURLToPath(new URL(`../../../data/networks/${embedded}/`, import.meta.url));

/** A network that can be run. */
export interface FoundNetwork {
  readonly manifest: Manifest;
  readonly path: string;
}

/**
 * A network by its name, or the best there is: the published weights once they are imported, before that the one that comes with the
 * program. A path is taken for that of a file that has not been imported.
 */
export async function findNetwork(name: string | undefined): Promise<FoundNetwork> {
  const library = new NetworkLibrary(statePaths().networks);
  if (name !== undefined && /[/\\]|\.(?:hdf5|h5|pth?|onnx)$/iu.test(name)) throw notImported(name);
  const installed = await library.list();
  const wanted = name ?? published;
  const manifest = installed.find((each) => each.name === wanted);
  if (manifest !== undefined) return { manifest, path: library.graphPath(manifest) };
  const own = name === undefined || name === embedded ? await embeddedNetwork() : null;
  if (own !== null) return own;
  const names = [...installed.map((each) => each.name), ...((await embeddedNetwork()) === null ? [] : [embedded])];
  throw new LocScaleError(
    'input.missing',
    name === undefined
      ? `No network is installed in ${library.folder}; fetch the published one (locscale network pull emmernet), or import a file (locscale network import FILE --name emmernet).`
      : `There is no network named ${name} (${names.length === 0 ? 'none is installed' : `there are ${names.join(', ')}`}); fetch the published ones (locscale network pull emmernet), or import a file (locscale network import FILE).`,
  );
}

/** The network that comes with the program; null where it is left out. */
export async function embeddedNetwork(): Promise<FoundNetwork | null> {
  const text = await readFile(join(embeddedFolder, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const manifest = manifestSchema.parse(JSON.parse(text));
  return { manifest, path: join(embeddedFolder, manifest.graph.file) };
}

/** The graph, if it is the one of the manifest. */
export async function readGraph({ manifest, path }: FoundNetwork): Promise<Uint8Array> {
  const file = await readFile(path).catch(() => null);
  const digest = file && createHash('sha256').update(file).digest('hex');
  if (file !== null && digest === manifest.graph.sha256) return new Uint8Array(file);
  throw new LocScaleError(
    'input.format',
    `The graph of the network ${manifest.name}, ${path}, is ${file === null ? 'missing' : 'not the one that was imported'}; import the network again with --replace.`,
  );
}

const notImported = (path: string): LocScaleError =>
  new LocScaleError(
    'input.parameter',
    `${path} is a file, and a network is named after its import; import it once (locscale network import ${path} --name NAME), then give --model_path NAME.`,
  );
