import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import { type Manifest, manifestSchema } from './manifest.js';

/** A folder of networks: for each `NAME.json`, the manifest, and the graph that it names. A network is there when its manifest is. */
export class NetworkLibrary {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async list(): Promise<readonly Manifest[]> {
    const files = await readdir(this.folder).catch(() => []);
    const names = files
      .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
      .map((file) => file.slice(0, -'.json'.length));
    return Promise.all(names.sort().map((name) => this.get(name)));
  }

  async get(name: string): Promise<Manifest> {
    assertName(name);
    const path = this.#manifest(name);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) throw await this.#unknown(name);
    const parsed = manifestSchema.safeParse(parse(text));
    if (parsed.success && parsed.data.name === name) return parsed.data;
    throw new LocScaleError(
      'input.format',
      `The manifest ${path} is damaged; import the network again with --replace, or remove it: locscale network remove ${name}.`,
    );
  }

  /** The graph of a network. */
  graphPath({ graph }: Manifest): string {
    return join(this.folder, graph.file);
  }

  /** Refuses a name that is taken, before any work is done. */
  async assertFree(name: string, replace: boolean): Promise<void> {
    assertName(name);
    const found = replace ? null : await stat(this.#manifest(name)).catch(() => null);
    if (found !== null)
      throw new LocScaleError(
        'output.unwritable',
        `There is a network named ${name} already; give another name with --name, or replace it with --replace.`,
      );
  }

  /** Keeps a network: first the graph, under a name of its own content, then the manifest, which makes it valid in one step. */
  async add(manifest: Manifest, graph: Uint8Array, replace: boolean): Promise<void> {
    await this.assertFree(manifest.name, replace);
    await this.#prepare();
    const before = await this.get(manifest.name).catch(() => null);
    const path = this.graphPath(manifest);
    const isNew = (await stat(path).catch(() => null)) === null;
    await writePrivately(path, graph);
    try {
      await writePrivately(this.#manifest(manifest.name), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
    } catch (error) {
      if (isNew) await rm(path, { force: true });
      throw error;
    }
    if (before !== null && before.graph.file !== manifest.graph.file) await rm(this.graphPath(before), { force: true });
  }

  /** Compares the graph with its manifest; says what is wrong, or null. */
  async fault(manifest: Manifest): Promise<string | null> {
    const path = this.graphPath(manifest);
    const found = await stat(path).catch(() => null);
    if (found === null) return `its graph ${manifest.graph.file} is missing`;
    if (found.size !== manifest.graph.bytes)
      return `its graph has ${found.size} bytes, expected ${manifest.graph.bytes}`;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex') === manifest.graph.sha256
      ? null
      : 'its graph is not the one that was imported (SHA-256 differs)';
  }

  /** Removes a network, a damaged one too; returns the bytes that are free again. */
  async remove(name: string): Promise<number> {
    assertName(name);
    const path = this.#manifest(name);
    const found = await stat(path).catch(() => null);
    if (found === null) throw await this.#unknown(name);
    await rm(path);
    let freed = found.size;
    for (const file of await readdir(this.folder)) {
      if (graphName(file) !== name) continue;
      freed += (await stat(join(this.folder, file))).size;
      await rm(join(this.folder, file), { force: true });
    }
    return freed;
  }

  async #prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
  }

  #manifest(name: string): string {
    return join(this.folder, `${name}.json`);
  }

  async #unknown(name: string): Promise<LocScaleError> {
    const names = (await readdir(this.folder).catch(() => []))
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -5));
    const known = names.length === 0 ? 'none is imported yet' : `there are ${names.sort().join(', ')}`;
    return new LocScaleError(
      'input.missing',
      `There is no network named ${name} (${known}); see locscale network import --help.`,
    );
  }
}

/** Name of a network and of its files: `NAME.json`, `NAME-<12 digits of the digest>.onnx`. */
export function assertName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(name))
    throw new LocScaleError(
      'input.parameter',
      `${JSON.stringify(name)} cannot be the name of a network: up to 64 letters, digits, dots, dashes and underscores are expected; give one with --name.`,
    );
}

export const graphFile = (name: string, sha256: string): string => `${name}-${sha256.slice(0, 12)}.onnx`;
const graphName = (file: string): string | null =>
  /^(?<name>.+)-[0-9a-f]{12}\.onnx$/u.exec(file)?.groups?.['name'] ?? null;

/** A file that its owner alone can read. */
const writePrivately = (path: string, content: Uint8Array): Promise<void> =>
  writeAtomically(path, content.length, async (handle) => {
    await handle.chmod(0o600);
    await writeFully(handle, content);
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
