import { resolve } from 'node:path';
import { CommandLineError } from '../command-line-error.js';
import { numberList } from './symmetry.js';
import { positiveNumber, wholeNumber } from './numbers.js';
import type { ParsedOptions } from './request.js';
import { optionKey, type OptionSpec } from './spec.js';

/** The options of one command line, read by the names that users write, with one sentence for each that cannot be used. */
export class Given {
  readonly #values: ParsedOptions;
  readonly #specs: ReadonlyMap<string, OptionSpec>;
  readonly #folder: string;

  constructor(values: ParsedOptions, specs: readonly OptionSpec[], currentDirectory: string) {
    this.#values = values;
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.#folder = currentDirectory;
  }

  /** Absolute path of a file, or undefined. */
  path(name: string): string | undefined {
    const value = this.#value(name);
    return typeof value === 'string' ? resolve(this.#folder, value) : undefined;
  }

  /** Absolute path of a file that must be named; `what` it is. */
  requiredPath(name: string, what: string): string {
    const path = this.path(name);
    if (path !== undefined) return path;
    throw usage(`${this.#flag(name)} is missing: give ${what}.`);
  }

  /** Absolute path of the one model: by `-mc`, or among the arguments without an option. */
  onlyModel(files: readonly string[]): string {
    const named = this.path('model_coordinates');
    const all = [...files.map((file) => resolve(this.#folder, file)), ...(named === undefined ? [] : [named])];
    const [first, ...more] = all;
    if (first !== undefined && more.length === 0) return first;
    throw usage(first === undefined ? 'No model is given; name one.' : `${all.length} models are given; name one.`);
  }

  /** Two absolute paths, or undefined when the option is not given. */
  pair(name: string): readonly [string, string] | undefined {
    const value = this.#value(name);
    if (!Array.isArray(value)) return undefined;
    const [first, second, ...more] = value.map((path) => resolve(this.#folder, String(path)));
    if (first === undefined || second === undefined || more.length > 0)
      throw usage(`${this.#flag(name)} got ${value.length} ${value.length === 1 ? 'file' : 'files'}, it takes two.`);
    if (first === second) throw usage(`${this.#flag(name)} got the same file twice; give the two different half maps.`);
    return [first, second];
  }

  positive(name: string, unit: string): number | undefined {
    const value = this.#value(name);
    return typeof value === 'string' ? positiveNumber(this.#flag(name), value, unit) : undefined;
  }

  /** Any finite number; `unit` for the sentence. */
  number(name: string, unit: string): number | undefined {
    const text = this.#value(name);
    if (typeof text !== 'string') return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw usage(`${this.#flag(name)} ${text} is not usable: give a number in ${unit}.`);
    return value;
  }

  /** A number from `least` on. */
  atLeast(name: string, least: number, unit: string): number | undefined {
    const value = this.number(name, unit);
    if (value === undefined || value >= least) return value;
    throw usage(`${this.#flag(name)} ${value} is not usable: give a number from ${least} on${unit && ` in ${unit}`}.`);
  }

  /** A number between 0 and 1, both excluded. */
  share(name: string): number | undefined {
    const value = this.number(name, 'parts of 1');
    if (value === undefined || (value > 0 && value < 1)) return value;
    throw usage(`${this.#flag(name)} ${value} is not usable: give a number between 0 and 1.`);
  }

  /** A number from `least` to `most`, both included. */
  within(name: string, least: number, most: number): number | undefined {
    const value = this.number(name, `${least} to ${most}`);
    if (value === undefined || (value >= least && value <= most)) return value;
    throw usage(`${this.#flag(name)} ${value} is not usable: give a number from ${least} to ${most}.`);
  }

  whole(name: string, least: number, most: number): number | undefined {
    const value = this.#value(name);
    return typeof value === 'string' ? wholeNumber(this.#flag(name), value, least, most) : undefined;
  }

  /** One or more whole numbers. */
  wholes(name: string, least: number, most: number): readonly number[] | undefined {
    const value = this.#value(name);
    return Array.isArray(value)
      ? value.flatMap((part) => String(part).split(',')).map((part) => wholeNumber(this.#flag(name), part, least, most))
      : undefined;
  }

  /** `z,y,x`: a voxel. */
  voxel(name: string): readonly [z: number, y: number, x: number] | undefined {
    const text = this.#value(name);
    if (typeof text !== 'string') return undefined;
    const [z, y, x, ...more] = text.split(',').map(Number);
    if (z === undefined || y === undefined || x === undefined || more.length > 0 || ![z, y, x].every(isIndex))
      throw usage(`${this.#flag(name)} ${text} is not usable: give a voxel as three whole numbers z,y,x.`);
    return [z, y, x];
  }

  /** One of a few words. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.#value(name);
    if (typeof text !== 'string') return undefined;
    const found = words.find((word) => word === text);
    if (found === undefined) throw usage(`${this.#flag(name)} ${text} is not usable: give ${words.join(' or ')}.`);
    return found;
  }

  /** Numbers between commas, as many as `names` has. */
  numbers(name: string, names: string): readonly number[] | undefined {
    const text = this.#value(name);
    return typeof text === 'string' ? numberList(this.#flag(name), text, names) : undefined;
  }

  /** As it was written. */
  text(name: string): string | undefined {
    const value = this.#value(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** True for a switch that is given, else undefined: a default stays a default. */
  switch(name: string): true | undefined {
    return this.on(name) || undefined;
  }

  on(name: string): boolean {
    return this.#value(name) === true;
  }

  #value(name: string): unknown {
    return this.#values[optionKey(this.#spec(name))];
  }

  /** As most users write it. */
  #flag(name: string): string {
    const { short } = this.#spec(name);
    return short === null ? `--${name}` : `-${short}`;
  }

  #spec(name: string): OptionSpec {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`this command has no option ${name}`);
    return spec;
  }
}

const isIndex = (n: number): boolean => Number.isInteger(n) && n >= 0;

const usage = (sentence: string): CommandLineError => new CommandLineError('command-line.usage', sentence);
