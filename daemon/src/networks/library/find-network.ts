import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import { statePaths } from '../../state.js';
import { NetworkLibrary } from './library.js';
import { type Manifest, manifestSchema } from './manifest.js';

/** Networks that come with the program. */
export const embedded = 'emmernet-sim';
const embeddedNames: readonly string[] = [embedded, 'surfer-sim'];
const embeddedFolder = fileURLToPath(new URL('../../../data/networks/', import.meta.url));

/** What serves when no name is given: the published network by the name that its import has, and until then the embedded one. */
export interface UsualNetworks {
  readonly published: string;
  readonly embedded: string;
  /** How the published one is had. */
  readonly fetch: string;
}
const forMaps: UsualNetworks = { published: 'emmernet', embedded, fetch: 'locscale network pull emmernet' };
/** For networks that find context. */
export const forContext: UsualNetworks = {
  published: 'surfer',
  embedded: 'surfer-sim',
  fetch: 'locscale network import SURFER_SCUNet.pt --name surfer',
};

/** Whether what serves when no name is given is the embedded network; for estimates, which cannot wait for a disk. */
export const isUsuallyEmbedded = ({ published }: UsualNetworks): boolean =>
  !existsSync(join(statePaths().networks, `${published}.json`));

/** A network that can be run. */
export interface FoundNetwork {
  readonly manifest: Manifest;
  readonly path: string;
}

/**
 * A network by its name, or the best there is: the published weights once they are imported, before that the one that comes with the
 * program. A path is taken for that of a file that has not been imported.
 */
export async function findNetwork(name: string | undefined, usual = forMaps): Promise<FoundNetwork> {
  const library = new NetworkLibrary(statePaths().networks);
  if (name !== undefined && /[/\\]|\.(?:hdf5|h5|pth?|onnx)$/iu.test(name)) throw notImported(name);
  const installed = await library.list();
  const wanted = name ?? usual.published;
  const manifest = installed.find((each) => each.name === wanted);
  if (manifest !== undefined) return { manifest, path: library.graphPath(manifest) };
  const own = await embeddedNetwork(name ?? usual.embedded);
  if (own !== null) return own;
  const theirs = await embeddedNetworks();
  const names = [...installed, ...theirs.map((each) => each.manifest)].map((each) => each.name);
  throw new LocScaleError(
    'input.missing',
    name === undefined
      ? `No network is installed in ${library.folder}; fetch the published one (${usual.fetch}), or import a file (locscale network import FILE --name ${usual.published}).`
      : `There is no network named ${name} (${names.length === 0 ? 'none is installed' : `there are ${names.join(', ')}`}); fetch the published ones (${usual.fetch}), or import a file (locscale network import FILE).`,
  );
}

/** The network that comes with the program; null where it is left out. */
export async function embeddedNetwork(name: string = embedded): Promise<FoundNetwork | null> {
  if (!embeddedNames.includes(name)) return null;
  const folder = join(embeddedFolder, name);
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const manifest = manifestSchema.parse(JSON.parse(text));
  return { manifest, path: join(folder, manifest.graph.file) };
}

/** Size of the graph that `findNetwork` would find, for estimates, which cannot wait; null when there is none, or it cannot be read. */
export function graphBytes(name: string | undefined): number | null {
  const { networks } = statePaths();
  const [imported, own] = [name ?? forMaps.published, name ?? embedded];
  for (const path of [join(networks, `${imported}.json`), join(embeddedFolder, own, 'manifest.json')])
    try {
      return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).graph.bytes;
    } catch {
      continue;
    }
  return null;
}

/** Every network that comes with the program. */
export async function embeddedNetworks(): Promise<readonly FoundNetwork[]> {
  const found = await Promise.all(embeddedNames.map((name) => embeddedNetwork(name)));
  return found.filter((each) => each !== null);
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
