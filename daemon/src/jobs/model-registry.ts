import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type JobId, LocScaleError, type ModelDescription, type ModelId, modelSchema } from '@chimerax-like/rpc';
import { z } from 'zod';
import type { ModelSource, TaskResult } from '../engine/messages.js';
import type { HelperQueue } from './helper-queue.js';
import { keepRecord, loadKept } from './kept-files.js';
import { assertAbsolute, type Held, Registry } from './registry.js';

/** Peak of an engine that reads a model, or also writes it, as multiples of the text; measured, 38 to 45 with writing. */
const readingFactor = 20;
const writingFactor = 45;
/** How much larger than the packed file its text may be taken to be; PDB and mmCIF files pack 4 to 6 times. */
const packedFactor = 6;
/** An engine with the addon, before it reads anything. */
const baseBytes = 160 * 1024 * 1024;

const recordSchema = z.object({ description: modelSchema, path: z.string() });

interface HeldModel extends Held<ModelDescription, ModelSource> {
  /** mmCIF of the model as it is used, made when somebody asks for it (its promise while it is being made); a result is mmCIF already. */
  written: Promise<string> | null;
}

/** What is known of a job's model beforehand. */
type Made = Pick<ModelDescription, 'name' | 'facts'> & { readonly job: JobId };

type Seen = Extract<TaskResult, { readonly kind: 'model' }>;

/** The models of the daemon by id. Files are read by the helper engine, never here: a large model takes seconds. */
export class ModelRegistry extends Registry<ModelDescription, ModelSource, HeldModel> {
  readonly #folder: string;
  readonly #helper: HelperQueue;

  constructor(folder: string, helper: HelperQueue) {
    super('model');
    this.#folder = folder;
    this.#helper = helper;
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
    const id = this.newId();
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
    this.forget(id);
    await rm(path, { force: true });
    await rm(join(this.#folder, `${id}.json`), { force: true });
  }

  /** Path of the model as mmCIF, made on first use. */
  written(id: ModelId): Promise<string> {
    const held = this.get(id);
    if (held.written === null) {
      const path = this.#view(id);
      held.written = this.#read(held.source, path).then(() => path);
      held.written.catch(() => (held.written = null));
    }
    return held.written;
  }

  async close(id: ModelId): Promise<void> {
    const held = this.takeOut(id);
    if (held.description.source !== 'file') await rm(held.source.path, { force: true });
    await rm(join(this.#folder, `${id}.json`), { force: true });
    await rm(this.#view(id), { force: true });
  }

  async #readPath(path: string): Promise<Seen> {
    assertAbsolute(path);
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
    const { name, facts, source } = description;
    const written = source === 'job' ? Promise.resolve(path) : null;
    return this.put({ description, source: { kind: 'model', path, name, facts }, uses: 0, written });
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
