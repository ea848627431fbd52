import type { z } from 'zod';
import type { ErrorKind } from './errors.js';

/**
 * One JSON-RPC method: the single declaration from which validator, types, OpenRPC document, command-line help and docs come.
 */
export interface MethodDescriptor<
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  N extends string = string,
> {
  readonly name: N;
  /** One sentence for people; units and axis order belong to the fields' own descriptions. */
  readonly summary: string;
  readonly params: P;
  readonly result: R;
  /** Kinds this method can answer with, besides those every method can (invalid params, internal). */
  readonly errors: readonly ErrorKind[];
}

/** One notification that the daemon sends; it is never answered. */
export interface NotificationDescriptor<P extends z.ZodType = z.ZodType, N extends string = string> {
  readonly name: N;
  readonly summary: string;
  readonly params: P;
  /**
   * Only the newest one matters to a slow reader: `params[latestOf]` names the series within which an older one is replaced.
   * Without it the notification is never dropped.
   */
  readonly latestOf?: string;
}

/**
 * One mode of the engine as clients see it: named inputs (volume ids), parameters with defaults, named outputs.
 * Fields carry `.meta({ description, unit, cli })`; a default that is worked out from the data ends the description as
 * `Default: ….`, from where the documentation takes it.
 */
export interface RecipeDescriptor<I extends z.ZodType = z.ZodType, P extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly summary: string;
  readonly inputs: I;
  readonly parameters: P;
  /** Name of each output volume and what it holds. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Name of each model that it may make and what it holds. */
  readonly models?: Readonly<Record<string, string>>;
}

export const method = <const N extends string, P extends z.ZodType, R extends z.ZodType>(
  d: MethodDescriptor<P, R, N>,
): MethodDescriptor<P, R, N> => d;
export const notification = <const N extends string, P extends z.ZodType>(
  d: NotificationDescriptor<P, N>,
): NotificationDescriptor<P, N> => d;
export const recipe = <I extends z.ZodType, P extends z.ZodType>(d: RecipeDescriptor<I, P>): RecipeDescriptor<I, P> =>
  d;
