import type { Warning } from '@chimerax-like/rpc';
import { keyOf, type Store } from '../store/index.js';
import { noPieces, type Pieces, type Step, type TaskHooks } from './context.js';
import { Runner } from './runner.js';

/**
 * A value that is known by how it comes to be before it is computed. Its key stands for the inputs' content, the steps with
 * their versions, and their parameters; equal keys mean equal values.
 */
export interface Value<out T> {
  readonly key: string;
  /** Never there: it tells the type checker what the value is. */
  readonly produces?: T;
}

/** Inputs of a step: each a value of the graph, or a plain parameter. */
export type Given<I> = { readonly [K in keyof I]: I[K] | Value<I[K]> };

/** Where a step stands in the progress of its task. */
export interface Place {
  /** What the user reads while it runs. */
  readonly label: string;
  /** Share of the work, roughly milliseconds per million voxels. */
  readonly weight: number;
}

/** What provenance says of a step that was needed. */
export interface StepRecord {
  readonly name: string;
  readonly version: number;
  readonly key: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What its inputs are: the name of a file's role, or the step that made it and the beginning of that step's key. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `not run`: only needed for a result that the store had. */
  from: 'computed' | 'store' | 'not run';
}

/**
 * The steps of one task as a graph that is declared first and evaluated when a result is asked for: a step whose result the store
 * has does not run, nor does anything that only it needs. A value is dropped once the last step planned to use it is done.
 */
export class Graph {
  readonly #steps = new Map<string, StepRecord>();
  readonly #runner: Runner;
  readonly #store: Store | null;
  readonly #planned = new Set<Node<unknown>>();
  #unplannedWeight = 200;

  constructor(hooks: TaskHooks, store: Store | null) {
    this.#runner = new Runner({ [unplanned]: this.#unplannedWeight }, hooks);
    this.#store = store;
  }

  get signal(): AbortSignal {
    return this.#runner.signal;
  }

  /** The steps behind all results asked for so far, each after those that it needs. */
  get steps(): readonly StepRecord[] {
    return [...this.#steps.values()];
  }

  get timings(): Readonly<Record<string, number>> {
    return this.#runner.timings;
  }

  get warnings(): readonly Warning[] {
    return this.#runner.warnings;
  }

  readonly warn = (warning: Warning): void => this.#runner.warn(warning);

  /** Runs a step at once that has no result worth a key: checks, writing of files. */
  run<I, O>(step: Step<I, O>, input: I, { label, weight }: Place): Promise<O> {
    this.#runner.expect(label, weight);
    return this.#runner.run(step, input, label);
  }

  /** A value from outside; `key` stands for its content, `place` for the work that `load` reports under its label. */
  source<T>(name: string, key: string, load: () => Promise<T>, place: Place): Value<T> {
    return new Node(name, key, [], load, { place, record: null });
  }

  /** Declares a step. */
  step<I extends object, O>(step: Step<I, O>, given: Given<I>, place: Place): Value<O> {
    const { name, version } = step;
    const inputs = Object.entries(given).filter((entry): entry is [string, Node<unknown>] => entry[1] instanceof Node);
    const unkeyed: readonly PropertyKey[] = step.unkeyed ?? [];
    const parameters = Object.fromEntries(
      Object.entries(given).filter(
        ([field, value]) => value !== undefined && !(value instanceof Node) && !unkeyed.includes(field),
      ),
    );
    const keys = Object.fromEntries(inputs.map(([field, node]) => [field, node.key]));
    const key = keyOf({ name, version, parameters, inputs: keys });
    const titles = Object.fromEntries(inputs.map(([field, node]) => [field, node.title]));
    const record: StepRecord = { name, version, key, parameters, inputs: titles, from: 'not run' };
    const compute = async (): Promise<O> => {
      const kept = await this.#kept(step, key, place);
      const known = this.#steps.get(key) ?? record;
      if (known.from === 'not run') known.from = kept === undefined ? 'computed' : 'store';
      if (kept !== undefined) return kept.value;
      const values = new Map<string, unknown>();
      const take = async ([field, node]: readonly [string, Node<unknown>]): Promise<unknown> =>
        values.set(field, await node.value());
      // Half maps are read side by side. What is computed comes one after the other, each with all threads.
      if (inputs.every(([, node]) => node.isSource)) await Promise.all(inputs.map(take));
      else for (const input of inputs) await take(input);
      const input = { ...given, ...Object.fromEntries(values) } as I;
      return this.#compute(step, key, input, place);
    };
    const nodes = inputs.map(([, node]) => node);
    return new Node(`${name} ${key.slice(0, 8)}`, key, nodes, compute, { place, record });
  }

  /** One part of a value. */
  part<T, K extends keyof T & string>(value: Value<T>, name: K): Value<T[K]> {
    const whole = nodeOf(value);
    const key = keyOf({ of: whole.key, part: name });
    return new Node(`${name} of ${whole.title}`, key, [whole], async () => (await whole.value())[name], null);
  }

  /**
   * Says which results will be asked for: progress then knows the whole work, and values live until the last of these steps has
   * used them.
   */
  plan(results: readonly Value<unknown>[]): void {
    for (const result of results) {
      const node = nodeOf(result);
      if (!this.#planned.has(node)) node.use();
      this.#planned.add(node);
      node.plan(({ place, record }) => {
        this.#runner.expect(place.label, place.weight);
        if (record !== null && !this.#steps.has(record.key)) this.#steps.set(record.key, record);
      });
    }
    this.#runner.expect(unplanned, -this.#unplannedWeight);
    this.#unplannedWeight = 0;
  }

  /** Computes a value, or finds it in the store. Ask for each only once, and plan all of them before the first. */
  async get<T>(value: Value<T>): Promise<T> {
    const node = nodeOf(value);
    if (!this.#planned.has(node)) this.plan([node]);
    try {
      return await node.value();
    } finally {
      this.#planned.delete(node);
      node.release();
    }
  }

  async #compute<I, O>(step: Step<I, O>, key: string, input: I, { label }: Place): Promise<O> {
    const warnings: Warning[] = [];
    const listening: Step<I, O> = {
      ...step,
      run: (given, context) => {
        const warn = (warning: Warning): void => {
          warnings.push(warning);
          context.warn(warning);
        };
        return step.run(given, { ...context, warn });
      },
    };
    const value = await this.#runner.run(listening, input, label, this.#pieces(key));
    if (step.keep === 'whole') await this.#store?.put(key, { value, warnings }, this.signal);
    if (typeof step.keep === 'function' && warnings.length > 0) await this.#pieces(key).put('warnings', warnings);
    return value;
  }

  /** The result of an earlier run. What was warned of then is said again. */
  async #kept<I, O>(step: Step<I, O>, key: string, { label }: Place): Promise<Kept<O> | undefined> {
    const { keep } = step;
    if (keep === undefined || this.#store === null) return undefined;
    const find = async (): Promise<Kept<O> | undefined> => {
      if (keep === 'whole') return (await this.#store?.get(key, this.signal)) as Kept<O> | undefined;
      const pieces = this.#pieces(key);
      const value = await keep(pieces);
      return value && { value, warnings: ((await pieces.get('warnings')) ?? []) as readonly Warning[] };
    };
    const found = await this.#runner.find(step, find, label);
    found?.warnings.forEach(this.warn);
    return found;
  }

  #pieces(key: string): Pieces {
    const store = this.#store;
    if (store === null) return noPieces;
    const keyOfPiece = (name: string): string => keyOf({ of: key, piece: name });
    return {
      get: (name) => store.get(keyOfPiece(name), this.signal),
      put: async (name, value) => {
        await store.put(keyOfPiece(name), value, this.signal);
      },
    };
  }
}

interface Kept<O> {
  readonly value: O;
  readonly warnings: readonly Warning[];
}

/** Stands for the work before it is planned, so that progress does not begin with its end. */
const unplanned = 'unplanned';

interface Announcement {
  readonly place: Place;
  /** Null for what comes from outside. */
  readonly record: StepRecord | null;
}

/** A value, how to compute it, and how many of those who will use it have not yet done so. */
class Node<T> implements Value<T> {
  /** What provenance calls it. */
  readonly title: string;
  readonly key: string;
  readonly #inputs: readonly Node<unknown>[];
  readonly #compute: () => Promise<T>;
  readonly #announcement: Announcement | null;
  #value: { readonly value: T } | null = null;
  #users = 0;
  #planned = false;
  #spent = false;

  constructor(
    title: string,
    key: string,
    inputs: readonly Node<unknown>[],
    compute: () => Promise<T>,
    announcement: Announcement | null,
  ) {
    this.title = title;
    this.key = key;
    this.#inputs = inputs;
    this.#compute = compute;
    this.#announcement = announcement;
  }

  /** Comes from outside and is made from no other value. */
  get isSource(): boolean {
    return this.#inputs.length === 0 && this.#announcement?.record === null;
  }

  use(): void {
    this.#users++;
  }

  /** Becomes a user of its inputs and tells of the steps that lead here, each once and after those that it needs. */
  plan(tell: (announcement: Announcement) => void): void {
    if (this.#planned) return;
    this.#planned = true;
    for (const input of this.#inputs) {
      input.plan(tell);
      input.use();
    }
    if (this.#announcement !== null) tell(this.#announcement);
  }

  /** One user less; the last one takes the value along, and what only it was made from. */
  release(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#value = null;
    this.#releaseInputs();
  }

  async value(): Promise<T> {
    if (this.#value === null) {
      this.#value = { value: await this.#compute() };
      this.#releaseInputs();
    }
    return this.#value.value;
  }

  #releaseInputs(): void {
    if (this.#spent) return;
    this.#spent = true;
    for (const input of this.#inputs) input.release();
  }
}

/** All values come from a graph. */
function nodeOf<T>(value: Value<T>): Node<T> {
  if (isNode(value)) return value;
  throw new TypeError('this value does not come from a graph');
}

const isNode = <T>(value: Value<T>): value is Node<T> => value instanceof Node;

/** Whether an input of a step is a value of a graph and not a plain parameter. */
export const isValue = (input: unknown): input is Value<unknown> => input instanceof Node;
