import {
  guessRole,
  type Job,
  type ModelDescription,
  type Result,
  type VolumeDescription,
  type VolumeId,
} from '@chimerax-like/rpc';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { DaemonLink, type LinkOptions } from './daemon-link.js';
import { type Draft, mapToSharpen, partnerIn, proposeRecipe, toRequest, withoutGone } from './draft.js';
import { entryIn } from './entry.js';
import { keptDraft, keepDraft } from './kept-draft.js';
import { JobList } from './job-list.js';
import { Mirror } from './mirror.js';
import { ModelShelf } from './model-shelf.js';
import { withOpened } from './opened.js';
import { isAbort, sentence } from './problem.js';
import { readRecipes, type RecipeForm } from './recipe-form.js';
import { readScene, sceneEnding } from './saved-scene.js';
import { openScene } from './scene-keeper.js';
import { Scene } from './scene.js';
import { Signal, when } from './signal.js';
import { SlabPreview } from './slab-preview.js';
import { uploadMap } from './upload.js';
import type { TransferOptions } from './voxels.js';

/** A transfer that is under way. */
export interface Transfer {
  /** From this computer to the daemon, or by the daemon from EMDB. */
  readonly kind: 'sending' | 'fetching';
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly stop: () => void;
}

/**
 * All that a page or an application does with a daemon, without any user interface: what is chosen, what runs, what is shown.
 * The panel draws this and calls it; tests and scripts do the same.
 */
export class Workbench {
  readonly link: DaemonLink;
  readonly scene: Scene;
  readonly jobs: JobList;
  readonly mirror: Mirror;
  readonly models: ModelShelf;
  readonly preview: SlabPreview;
  /** What this daemon can run, by its own description. */
  readonly recipes = new Signal<readonly RecipeForm[]>([]);
  /** Volumes that can be chosen as inputs. */
  readonly volumes = new Signal<readonly VolumeDescription[]>([]);
  readonly draft = new Signal<Draft>(keptDraft());
  readonly transfer = new Signal<Transfer | undefined>(undefined);
  /** The last thing that went wrong, in one sentence; undefined once it is dealt with. */
  readonly problem = new Signal<string | undefined>(undefined);
  readonly #stops: (() => void)[];

  constructor(plugin: PluginContext, options: LinkOptions) {
    this.link = new DaemonLink(options);
    this.scene = new Scene(plugin, this.link);
    this.jobs = new JobList(this.link);
    this.models = new ModelShelf(plugin, this.link);
    const report = (problem: unknown): void => this.report(problem);
    this.mirror = new Mirror(this.link, this.scene, {
      onProblem: report,
      partnerOf: (volume) => this.partnerOf(volume),
    });
    this.preview = new SlabPreview(this.link, this.scene, this.mirror, report);
    this.#stops = [
      this.link.state.subscribe(() => void this.#refresh().catch(report)),
      this.link.on('job.changed', ({ job }) => {
        if (job.state !== 'done') return;
        void this.#refreshVolumes().catch(report);
        void this.#showRefined(job).catch(report);
      }),
    ];
    void this.#refresh().catch(report);
  }

  /** The other half map of a chosen pair. */
  partnerOf(volume: VolumeId): VolumeId | undefined {
    return partnerIn(this.draft.value, volume);
  }

  /** What people call a mode. */
  titleOf(recipe: string): string {
    return this.recipes.value.find(({ name }) => name === recipe)?.title ?? recipe;
  }

  report(problem: unknown): void {
    if (!isAbort(problem)) this.problem.value = sentence(problem);
  }

  /** Does something and shows its error, if any, as the problem; resolves with undefined then. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.problem.value = undefined;
    try {
      return await work();
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  /** Opens a map or model file on the daemon's machine, or an entry of EMDB (`emdb:1234`), which the daemon fetches. */
  async openPath(path: string): Promise<VolumeDescription | ModelDescription> {
    const trimmed = path.trim();
    const entry = entryIn(trimmed);
    if (entry !== undefined) return this.openEntry(entry);
    if (guessRole(trimmed) === 'model') return this.#openedModel(await this.models.openPath(trimmed));
    const volume = await this.link.call('volume.open', { path: trimmed });
    await this.#opened([volume]);
    return volume;
  }

  /**
   * Has the daemon fetch an entry of EMDB. Half maps become the inputs, and the deposited map a layer beside their mean; without
   * half maps it is the input itself. It is shown at the level that its depositors recommend. Resolves with what is to be sharpened.
   */
  async openEntry(entry: string): Promise<VolumeDescription> {
    const { map, halfMaps, contourLevel, warnings } = await this.#fetchEntry(entry);
    const input = halfMaps?.[0] ?? map;
    if (input === null) throw new Error(`${entry} has no maps; check its number.`);
    const isFirst = this.mirror.maps.value.length === 0;
    await this.#opened(halfMaps ?? [input]);
    if (map !== null && halfMaps !== null) {
      await this.mirror.change('viewer.add', { volume: map.id, of: input.id, role: 'result', name: 'deposited' });
      await this.mirror.change('viewer.show', { volume: input.id, visible: false });
    }
    if (map !== null && contourLevel !== null)
      await this.mirror.change('viewer.level', {
        volume: map.id,
        level: { kind: 'absolute', value: contourLevel },
      });
    // Deposited maps and half maps need not reach equally far.
    if (isFirst) this.scene.plugin.managers.camera.reset();
    const [warning] = warnings;
    if (warning !== undefined) this.problem.value = warning.message;
    return input;
  }

  /** Sends map and model files to the daemon, brings saved scenes back, and chooses them as inputs by their names. */
  async openFiles(files: readonly File[]): Promise<readonly (VolumeDescription | ModelDescription)[]> {
    const volumes: VolumeDescription[] = [];
    const models: ModelDescription[] = [];
    for (const file of files) {
      if (file.name.endsWith(sceneEnding)) {
        await openScene(this, readScene(await file.text()));
        continue;
      }
      if (guessRole(file.name) === 'model')
        models.push(this.#openedModel(await this.#upload(file, (options) => this.models.upload(file, options))));
      else volumes.push(await this.#upload(file, (options) => uploadMap(this.link, file, options)));
    }
    if (volumes.length > 0) await this.#opened(volumes);
    return [...volumes, ...models];
  }

  /** Chooses volumes and models that the daemon holds as inputs, as if they had been opened here. */
  async take(ids: readonly string[]): Promise<void> {
    await when(this.recipes, (recipes) => recipes.length > 0);
    await Promise.all([this.#refreshVolumes(), this.models.refresh()]);
    const volumes = this.volumes.value.filter(({ id }) => ids.includes(id));
    const models = this.models.models.value.filter(({ id }) => ids.includes(id));
    for (const model of models) this.#openedModel(model);
    if (volumes.length > 0) await this.#opened(volumes);
    for (const { id } of models) if (!this.models.isShown(id)) await this.models.show(id);
  }

  choose(change: Partial<Draft>): void {
    const next = { ...this.draft.value, ...change };
    this.draft.value = { ...next, recipe: proposeRecipe(next, this.recipes.value) };
    keepDraft(this.draft.value);
  }

  /** Starts the chosen job. The result comes onto the screen when it is done. */
  async sharpen(): Promise<Job> {
    const draft = this.draft.value;
    const form = this.recipes.value.find(({ name }) => name === draft.recipe);
    if (form === undefined) throw new Error('No mode is chosen; choose one from the list.');
    const request = toRequest(draft, form);
    const map = mapToSharpen(draft);
    if (map !== undefined) await this.mirror.add(map);
    const job = await this.jobs.submit(request);
    if (map !== undefined) this.preview.follow(job.id, map);
    return job;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.preview.dispose();
    this.mirror.dispose();
    this.jobs.dispose();
    this.scene.dispose();
    this.link.close();
  }

  /** A model that was opened serves every recipe that asks for one. */
  #openedModel(model: ModelDescription): ModelDescription {
    const inputs = this.recipes.value.flatMap((form) => form.inputs).filter(({ kind }) => kind === 'model');
    const models = Object.fromEntries(inputs.map(({ name }) => [name, model.id]));
    this.choose({ models: { ...this.draft.value.models, ...models } });
    return model;
  }

  async #fetchEntry(entry: string): Promise<Result<'emdb.fetch'>> {
    const show = (name: string, done: number, total: number): void => {
      const stop = (): void =>
        void this.link.call('emdb.stop', { entry }).catch((error: unknown) => this.report(error));
      this.transfer.value = { kind: 'fetching', name, done, total, stop };
    };
    const quiet = this.link.on('emdb.progress', (progress) => {
      if (progress.entry === entry) show(progress.file, progress.receivedBytes, progress.totalBytes);
    });
    show(entry, 0, 1);
    try {
      return await this.link.call('emdb.fetch', { entry }, { timeoutMs: 0 });
    } finally {
      quiet();
      this.transfer.value = undefined;
    }
  }

  /** The model that a job has refined takes the place of those that were chosen and of earlier ones, coloured by the B-factors that it found. */
  async #showRefined({ models }: Job): Promise<void> {
    const [refined] = Object.values(models);
    if (refined === undefined) return;
    await this.models.refresh();
    await this.models.show(refined);
    await this.models.colour(refined, 'b-factor');
    const chosen = Object.values(this.draft.value.models);
    for (const { id, source } of this.models.models.value)
      if (id !== refined && (source === 'job' || chosen.includes(id)) && this.models.isShown(id))
        await this.models.hide(id);
  }

  async #upload<T>(file: File, send: (options: TransferOptions) => Promise<T>): Promise<T> {
    const stopper = new AbortController();
    const stop = (): void => stopper.abort();
    const show = (done: number, total: number): void => {
      this.transfer.value = { kind: 'sending', name: file.name, done, total, stop };
    };
    show(0, file.size);
    try {
      return await send({ signal: stopper.signal, onProgress: show });
    } finally {
      this.transfer.value = undefined;
    }
  }

  /** Chooses opened volumes as inputs by their names, and shows the one to sharpen. */
  async #opened(volumes: readonly VolumeDescription[]): Promise<void> {
    await this.#refreshVolumes();
    const { draft } = this;
    this.choose(withOpened(draft.value, volumes, this.volumes.value));
    const map = mapToSharpen(draft.value);
    const shown = map === undefined ? [] : [map, partnerIn(draft.value, map)];
    if (map !== undefined && volumes.some(({ id }) => shown.includes(id)))
      await this.mirror.change('viewer.add', { volume: map });
  }

  async #refresh(): Promise<void> {
    if (this.link.state.value.kind !== 'online') return;
    this.recipes.value = readRecipes(await this.link.call('rpc.discover'));
    this.choose({});
    await this.#refreshVolumes();
    await this.models.refresh();
  }

  async #refreshVolumes(): Promise<void> {
    const volumes = await this.link.call('volume.list');
    this.volumes.value = volumes;
    const there = new Set(volumes.map(({ id }) => id));
    const draft = withoutGone(this.draft.value, (volume) => there.has(volume));
    if (draft !== this.draft.value) this.choose(draft);
  }
}
