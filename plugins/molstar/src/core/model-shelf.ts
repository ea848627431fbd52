import { type ModelDescription, type ModelId, palettes } from '@chimerax-like/rpc';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { DaemonLink } from './daemon-link.js';
import type { Scale } from './scale-colours.js';
import { colourModel, type ModelColour, modelRef, removeModel, showModel } from './shown-model.js';
import { Signal } from './signal.js';
import { sendFile } from './upload.js';
import type { TransferOptions } from './voxels.js';

/** Models that the daemon holds, and those of them that are drawn. */
export class ModelShelf {
  readonly models = new Signal<readonly ModelDescription[]>([]);
  /** Scale of the B-factors by which a model is coloured. */
  readonly scales = new Signal<ReadonlyMap<ModelId, Scale>>(new Map());
  readonly #plugin: PluginContext;
  readonly #link: DaemonLink;

  constructor(plugin: PluginContext, link: DaemonLink) {
    this.#plugin = plugin;
    this.#link = link;
  }

  async refresh(): Promise<void> {
    if (this.#link.hello?.capabilities.includes('model') !== true) return;
    this.models.value = await this.#link.call('model.list');
  }

  async openPath(path: string): Promise<ModelDescription> {
    return this.#take(await this.#link.call('model.open', { path }));
  }

  async upload(file: File, options?: TransferOptions): Promise<ModelDescription> {
    const path = `/models?name=${encodeURIComponent(file.name)}`;
    const answer = await sendFile(this.#link, path, 'application/octet-stream', file, options);
    return this.#take(JSON.parse(answer) as ModelDescription);
  }

  isShown(id: ModelId): boolean {
    return this.#plugin.state.data.cells.has(modelRef(id));
  }

  async show(id: ModelId): Promise<void> {
    const name = this.models.value.find((model) => model.id === id)?.name ?? id;
    await showModel(this.#plugin, id, await this.text(id), name);
    this.models.value = [...this.models.value];
  }

  /** The model as mmCIF. */
  async text(id: ModelId): Promise<string> {
    return (await this.#link.request(`/models/${id}`)).text();
  }

  async hide(id: ModelId): Promise<void> {
    await removeModel(this.#plugin, id);
    this.models.value = [...this.models.value];
  }

  async colour(id: ModelId, colour: ModelColour): Promise<void> {
    const scale = await colourModel(this.#plugin, id, colour, palettes.viridis);
    const scales = new Map(this.scales.value);
    if (scale === undefined) scales.delete(id);
    else scales.set(id, scale);
    this.scales.value = scales;
  }

  async #take(model: ModelDescription): Promise<ModelDescription> {
    this.models.value = [...this.models.value.filter(({ id }) => id !== model.id), model];
    await this.show(model.id);
    return model;
  }
}
