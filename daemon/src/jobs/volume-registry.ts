import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Grid, LocScaleError, type VolumeDescription, type VolumeId, volumeSchema } from '@chimerax-like/rpc';
import { z } from 'zod';
import { sourceSchema, type VolumeSource } from '../engine/messages.js';
import { readHeader } from '../volumes/index.js';
import { keepRecord, loadKept } from './kept-files.js';
import { assertAbsolute, type Held, Registry } from './registry.js';

/** A result of a slider that is still there after this time gets a record, ms. */
const settledMs = 1000;

const recordSchema = z.object({ description: volumeSchema, source: sourceSchema });

interface HeldVolume extends Held<VolumeDescription, VolumeSource> {
  /** Raw copy of a map file, made when somebody asks for voxels; its promise while it is being made. */
  raw: Promise<string> | null;
  /** A result whose job still runs: sections may be read, the whole may not be judged. */
  growing: boolean;
}

/** The volumes of the daemon by id: map files of users, uploads, results. Only headers are read here, never voxels. */
export class VolumeRegistry extends Registry<VolumeDescription, VolumeSource, HeldVolume> {
  readonly #folder: string;
  readonly #settling = new Map<VolumeId, () => Promise<void>>();

  readonly #onFile: (path: string) => void;

  /** `onFile`: told of map files that were opened or uploaded. */
  constructor(folder: string, onFile: (path: string) => void) {
    super('volume');
    this.#folder = folder;
    this.#onFile = onFile;
  }

  /** Finds uploads and results of earlier runs again and deletes files that belong to none. */
  async load(): Promise<void> {
    const fileOf = ({ description, source }: z.infer<typeof recordSchema>) => ({
      id: description.id,
      path: source.path,
    });
    for (const { description, source } of await loadKept(this.#folder, recordSchema, fileOf))
      this.#add(description, source);
  }

  /** A new id, and the path in the volume folder where its voxels will lie. */
  reserve(extension: 'raw' | 'mrc'): { readonly id: VolumeId; readonly path: string } {
    const id = this.newId();
    return { id, path: join(this.#folder, `${id}.${extension}`) };
  }

  /** Opens a map file of the user: header only. */
  async open(path: string): Promise<VolumeDescription> {
    assertAbsolute(path);
    return this.#open(this.reserve('mrc').id, path);
  }

  /** Opens a map file of an earlier run under the id that it had then. */
  async reopen(id: VolumeId, path: string): Promise<VolumeDescription> {
    return this.has(id) ? this.describe(id) : this.#open(id, path);
  }

  async #open(id: VolumeId, path: string): Promise<VolumeDescription> {
    const { grid, warnings } = await readHeader(path);
    const description = describe({ id, name: basename(path), source: 'file', path, grid, warnings: [...warnings] });
    this.#onFile(path);
    return this.#add(description, { kind: 'mrc', path });
  }

  /** Takes over an uploaded or computed file in the volume folder. */
  async adopt(description: VolumeDescription, source: VolumeSource): Promise<VolumeDescription> {
    await this.persist(description, source);
    this.#onFile(source.path);
    return this.#add(description, source);
  }

  /** The same for what is likely to be replaced in a moment: its record is written only once it has stayed for a while. */
  adoptForNow(description: VolumeDescription, source: VolumeSource): VolumeDescription {
    const { id } = description;
    const persist = (): Promise<void> => {
      clearTimeout(timer);
      this.#settling.delete(id);
      return this.has(id) ? this.persist(description, source) : Promise.resolve();
    };
    const timer = setTimeout(() => void persist().catch(() => undefined), settledMs).unref();
    this.#settling.set(id, persist);
    return this.#add(description, source);
  }

  /** Writes the records that were put off. */
  async settle(): Promise<void> {
    await Promise.all([...this.#settling.values()].map((persist) => persist().catch(() => undefined)));
  }

  /** Makes a result known while it still grows (in use until the returned function is called); `persist` follows when it is whole. */
  announce(description: VolumeDescription, source: VolumeSource): () => void {
    this.#add(description, source);
    this.get(description.id).growing = true;
    return this.use(description.id);
  }

  async persist(description: VolumeDescription, source: VolumeSource): Promise<void> {
    await keepRecord(this.#folder, description.id, { description, source });
    const held = this.find(description.id);
    if (held !== undefined) held.growing = false;
  }

  /** Refuses to judge or save a result that is not whole yet. */
  assertWhole(id: VolumeId): void {
    if (this.get(id).growing)
      throw new LocScaleError('volume.busy', `The volume ${id} is still being computed; wait for the end of its job.`);
  }

  isGrowing(id: VolumeId): boolean {
    return this.get(id).growing;
  }

  /** Forgets a volume that was announced and did not come to an end. */
  async withdraw(id: VolumeId): Promise<void> {
    const held = this.find(id);
    this.forget(id);
    if (held !== undefined) await rm(held.source.path, { force: true });
  }

  setStatistics(id: VolumeId, statistics: NonNullable<VolumeDescription['statistics']>): void {
    const held = this.get(id);
    held.description = { ...held.description, statistics };
  }

  /** Path of the raw voxels, made by `make` when the volume is a map file and this is the first time. */
  raw(id: VolumeId, make: (source: VolumeSource, rawPath: string) => Promise<Grid>): Promise<string> {
    const held = this.get(id);
    if (held.source.kind === 'raw') return Promise.resolve(held.source.path);
    if (held.raw === null) {
      const path = join(this.#folder, `${id}.view.raw`);
      held.raw = make(held.source, path).then(() => path);
      held.raw.catch(() => (held.raw = null));
    }
    return held.raw;
  }

  async close(id: VolumeId): Promise<void> {
    const held = this.takeOut(id);
    if (held.description.source !== 'file') await rm(held.source.path, { force: true });
    await this.#removeRecord(id);
  }

  /** Closes a result and hands its file over to the caller. */
  async release(id: VolumeId): Promise<string> {
    const { source } = this.takeOut(id);
    await this.#removeRecord(id);
    return source.path;
  }

  async #removeRecord(id: VolumeId): Promise<void> {
    await rm(join(this.#folder, `${id}.json`), { force: true });
    await rm(join(this.#folder, `${id}.view.raw`), { force: true });
  }

  #add(description: VolumeDescription, source: VolumeSource): VolumeDescription {
    return this.put({ description, source, uses: 0, raw: null, growing: false });
  }
}

/** A description with everything that is the same for most volumes filled in. */
export function describe(
  known: Pick<VolumeDescription, 'id' | 'name' | 'source' | 'grid'> & Partial<VolumeDescription>,
): VolumeDescription {
  return { path: null, job: null, statistics: null, warnings: [], ...known };
}
