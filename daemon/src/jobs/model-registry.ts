import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { type JobId, LocScaleError, type ModelDescription, type ModelId, modelSchema } from '@chimerax-like/rpc';
import { z } from 'zod';
import type { ModelSource, TaskResult } from '../engine/messages.js';
import type { HelperQueue } from './helper-queue.js';
import { keepRecord, loadKept } from './kept-files.js';

/** Models at a time; each is a few hundred bytes here, whatever its size on disk. */
const mostModels = 1000;
/** Peak of an engine that reads a model, or also writes it, as multiples of the text; measured, 38 to 45 with writing. */
const readingFactor = 20;
const writingFactor = 45;
/** How much larger than the packed file its text may be taken to be; PDB and mmCIF files pack 4 to 6 times. */
const packedFactor = 6;
/** An engine with the addon, before it reads anything. */
const baseBytes = 160 * 1024 * 1024;

const recordSchema = z.object({ description: modelSchema, path: z.string() });

interface Held {
  readonly description: ModelDescription;
  readonly source: ModelSource;
  /** Jobs and downloads that need it now. */
  uses: number;
  /** mmCIF of the model as it is used, made when somebody asks for it (its promise while it is being made); a result is mmCIF already. */
  written: Promise<string> | null;
}

/** What is known of a job's model beforehand. */
type Made = Pick<ModelDescription, 'name' | 'facts'> & { readonly job: JobId };

type Seen = Extract<TaskResult, { readonly kind: 'model' }>;

/** The models of the daemon by id. Files are read by the helper engine, never here: a large model takes seconds. */
export class ModelRegistry {
  readonly #folder: string;
  readonly #helper: HelperQueue;
  readonly #models = new Map<ModelId, Held>();

  constructor(folder: string, helper: HelperQueue) {
    this.#folder = folder;
    this.#helper = helper;
  }

  get size(): number {
    return this.#models.size;
  }

  /** Finds uploads of earlier runs again. */
  async load(): Promise<void> {
    const fileOf = ({ description, path }: z.infer<typeof recordSchema>) => ({ id: description.id, path });
    for (const { description, path } of await loadKept(this.#folder, recordSchema, fileOf))
      this.#add(description, path);
  }

  /** Reads and checks a model file of the user, which is not kept. */
  async lookAt(path: string): Promise<ModelSource> {
    const { facts } = await this.#readPath(path);
    return { kind: 'model', path, facts };
  }

  /** Opens a model file of the user. */
  async open(path: string): Promise<ModelDescription> {
    const { id } = this.reserve();
    const seen = await this.#readPath(path);
    return this.#add({ id, name: basename(path), source: 'file', path, job: null, ...described(seen) }, path);
  }

  /** A new id, and the path in the model folder where an upload or a result will lie. */
  reserve(): { readonly id: ModelId; readonly path: string } {
    if (this.#models.size >= mostModels)
      throw new LocScaleError(
        'limit.busy',
        `The daemon holds ${mostModels} models, the most it can; close some with model.close.`,
      );
    const id = `mdl-${randomBytes(8).toString('hex')}`;
    return { id, path: join(this.#folder, `${id}.model`) };
  }

  /** Takes over an uploaded file in the model folder, once it has been read. */
  async adopt(id: ModelId, path: string, name: string): Promise<ModelDescription> {
    const seen = await this.#read({ kind: 'model', path, name });
    const description: ModelDescription = { id, name, source: 'upload', path: null, job: null, ...described(seen) };
    await keepRecord(this.#folder, id, { description, path });
    return this.#add(description, path);
  }

  /** Takes over the mmCIF file of a model that a job wrote into the model folder. */
  async adoptResult(id: ModelId, path: string, made: Made): Promise<ModelDescription> {
    const description: ModelDescription = { id, source: 'job', path: null, format: 'mmcif', warnings: [], ...made };
    await keepRecord(this.#folder, id, { description, path });
    return this.#add(description, path);
  }

  /** Forgets a model whose job did not come to an end, wherever it had got to. */
  async withdraw(id: ModelId, path: string): Promise<void> {
    this.#models.delete(id);
    await rm(path, { force: true });
    await rm(join(this.#folder, `${id}.json`), { force: true });
  }

  describe(id: ModelId): ModelDescription {
    return this.#get(id).description;
  }

  list(): ModelDescription[] {
    return [...this.#models.values()].map(({ description }) => description);
  }

  source(id: ModelId): ModelSource {
    return this.#get(id).source;
  }

  /** Keeps the model from being closed until the returned function is called. */
  use(id: ModelId): () => void {
    const held = this.#get(id);
    held.uses++;
    let used = true;
    return () => {
      if (used) held.uses--;
      used = false;
    };
  }

  /** The same for whatever model lies in this file, if any does. */
  usePath(path: string): () => void {
    const held = [...this.#models.values()].find(({ source }) => source.path === path);
    return held === undefined ? () => undefined : this.use(held.description.id);
  }

  /** Path of the model as mmCIF, made on first use. */
  written(id: ModelId): Promise<string> {
    const held = this.#get(id);
    if (held.written === null) {
      const path = this.#view(id);
      held.written = this.#read(held.source, path).then(() => path);
      held.written.catch(() => (held.written = null));
    }
    return held.written;
  }

  async close(id: ModelId): Promise<void> {
    const held = this.#get(id);
    if (held.uses > 0)
      throw new LocScaleError(
        'model.busy',
        `The model ${id} is in use by a job or a download; wait for it or cancel the job.`,
      );
    this.#models.delete(id);
    if (held.description.source !== 'file') await rm(held.source.path, { force: true });
    await rm(join(this.#folder, `${id}.json`), { force: true });
    await rm(this.#view(id), { force: true });
  }

  async #readPath(path: string): Promise<Seen> {
    if (!isAbsolute(path) || path.includes('\0'))
      throw new LocScaleError(
        'access.path',
        `The path ${JSON.stringify(path)} is not absolute; give the whole path from the root folder.`,
      );
    return this.#read({ kind: 'model', path });
  }

  async #read(source: ModelSource, writeTo: string | null = null): Promise<Seen> {
    const bytes = baseBytes + (writeTo === null ? readingFactor : writingFactor) * (await textBytes(source));
    this.#helper.assertFits(bytes, `The model ${source.name ?? source.path}`, 'leave out what is not needed of it');
    const result = await this.#helper.run({ kind: 'model', source, writeTo }, bytes);
    if (result.kind !== 'model')
      throw new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
    return result;
  }

  #view(id: ModelId): string {
    return join(this.#folder, `${id}.view.cif`);
  }

  #add(description: ModelDescription, path: string): ModelDescription {
    const { id, name, facts, source } = description;
    const written = source === 'job' ? Promise.resolve(path) : null;
    this.#models.set(id, { description, source: { kind: 'model', path, name, facts }, uses: 0, written });
    return description;
  }

  #get(id: ModelId): Held {
    const held = this.#models.get(id);
    if (held === undefined)
      throw new LocScaleError('model.unknown', `No model has the id ${id}; model.list names those that are open.`);
    return held;
  }
}

function described({ format, facts, warnings }: Seen): Pick<ModelDescription, 'format' | 'facts' | 'warnings'> {
  return { format, facts, warnings };
}

/** Bytes of the text of a model file, as far as its size tells; what is no file is refused by the engine, in its own words. */
async function textBytes({ path, name = basename(path) }: ModelSource): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) return 0;
  return /\.(gz|bz2)$/i.test(name) ? packedFactor * found.size : found.size;
}
