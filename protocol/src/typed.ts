import type { z } from 'zod';
import type { methods, notifications } from './methods/index.js';

type AnyMethod = (typeof methods)[number];
type AnyNotification = (typeof notifications)[number];

/** Name of every method, from the descriptors. */
export type MethodName = AnyMethod['name'];
/** Name of every notification, from the descriptors. */
export type NotificationName = AnyNotification['name'];

type MethodOf<N extends MethodName> = Extract<AnyMethod, { readonly name: N }>;

/** Parameters as a caller writes them: members with a default may be left out. */
export type ParamsInput<N extends MethodName> = z.input<MethodOf<N>['params']>;
/** Parameters as a handler gets them: checked, defaults filled in. */
export type Params<N extends MethodName> = z.output<MethodOf<N>['params']>;
export type Result<N extends MethodName> = z.output<MethodOf<N>['result']>;
export type NotificationParams<N extends NotificationName> = z.output<
  Extract<AnyNotification, { readonly name: N }>['params']
>;

/** Results and notifications are handed over, not shared: the sender may hold them as readonly as it likes. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** `rpc.discover` is answered by the server core itself, from the same descriptors. */
export type HandledMethodName = Exclude<MethodName, 'rpc.discover'>;

/** One function for every method; a missing or misspelt one does not compile. `context` is the connection's. */
export type Handlers<C> = {
  readonly [N in HandledMethodName]: (
    params: Params<N>,
    context: C,
  ) => DeepReadonly<Result<N>> | Promise<DeepReadonly<Result<N>>>;
};
