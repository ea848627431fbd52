import { useContext, useSyncExternalStore } from 'react';
import { PluginReactContext } from 'molstar/lib/mol-plugin-ui/base.js';
import { sidesOf, workbenchOf } from '../bench-of.js';
import type { ReadonlySignal, Workbench } from '../core/index.js';
import type { SideBySide } from '../sides/side-by-side.js';

/** The value of a signal, drawn again with every change. */
export function useSignal<T>(signal: ReadonlySignal<T>): T {
  return useSyncExternalStore(
    (listener) => signal.subscribe(listener),
    () => signal.value,
  );
}

/** The workbench of the viewer that this panel is in. */
export const useWorkbench = (): Workbench => workbenchOf(useContext(PluginReactContext));

/** The panes beside its main view. */
export const useSides = (): SideBySide => sidesOf(useContext(PluginReactContext));
