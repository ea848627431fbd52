import { stat } from 'node:fs/promises';
import { LocScaleError, type Network, type Params, type Result } from '@chimerax-like/rpc';
import { embeddedNetworks, type Manifest, NetworkLibrary, probeProviders } from '../networks/index.js';
import type { HelperQueue } from './helper-queue.js';

/** An engine, and what the reader holds for each byte of a file: the file, its arrays, the graph, and the graph as it is written. */
const [baseBytes, bytesPerByte] = [160 * 1024 * 1024, 4];

/** The networks of this machine. Files from elsewhere are read by an engine, which may die of them. */
export class NetworkTasks {
  readonly #library: NetworkLibrary;
  readonly #helper: HelperQueue;
  #providers: Promise<Result<'network.providers'>> | null = null;

  constructor(folder: string, helper: HelperQueue) {
    this.#library = new NetworkLibrary(folder);
    this.#helper = helper;
  }

  async list(): Promise<Result<'network.list'>> {
    const own = await embeddedNetworks();
    const imported = await this.#library.list();
    return [
      ...imported.map((manifest) => describe(manifest, false)),
      ...own.map(({ manifest }) => describe(manifest, true)),
    ];
  }

  async import(params: Params<'network.import'>): Promise<Network> {
    const found = await stat(params.path).catch(() => null);
    const task = { kind: 'import-network' as const, folder: this.#library.folder, given: params };
    const result = await this.#helper.run(task, baseBytes + bytesPerByte * (found?.size ?? 0));
    if (result.kind !== 'import-network')
      throw new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
    return describe(await this.#library.get(result.name), false);
  }

  async verify({ name }: Params<'network.verify'>): Promise<Result<'network.verify'>> {
    const all = name === undefined ? await this.#library.list() : [await this.#library.get(name)];
    return Promise.all(
      all.map(async (manifest) => ({ name: manifest.name, fault: await this.#library.fault(manifest) })),
    );
  }

  async remove({ name }: Params<'network.remove'>): Promise<Result<'network.remove'>> {
    return { name, bytes: await this.#library.remove(name) };
  }

  /** Drivers do not change while a daemon runs, and trying them takes a second. */
  providers(): Promise<Result<'network.providers'>> {
    this.#providers ??= probeProviders().then((states) =>
      states.map(({ provider, works, reason }) => ({ provider, works, reason: works ? null : reason })),
    );
    return this.#providers;
  }
}

function describe(manifest: Manifest, embedded: boolean): Network {
  const { name, graph, source, importedAt, input, parameters, licence, trainingData, notes } = manifest;
  const [, z, y, x] = input;
  return {
    name,
    embedded,
    purpose: manifest.segmentation === undefined ? 'maps' : 'context',
    sha256: graph.sha256,
    bytes: graph.bytes,
    source,
    importedAt,
    cube: [z, y, x],
    parameters,
    randomLayers: manifest.dropouts.length,
    calibrated: manifest.calibrator !== null,
    licence,
    trainingData,
    notes,
  };
}
