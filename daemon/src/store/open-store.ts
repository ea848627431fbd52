import { Store } from './store.js';

/** The store, or null where there can be none: results are then not kept, and `tell` hears the reason. */
export async function openStore(folder: string, tell: (reason: string) => void): Promise<Store | null> {
  try {
    return await Store.open(folder);
  } catch (error) {
    tell(`Results of steps are not kept: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
