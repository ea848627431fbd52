import type { ModelColumns } from '@locscale/native';
import type { Step } from '../context.js';
import { joined } from '../pseudo-model/join.js';

export interface JoinModelsInput {
  readonly model: ModelColumns;
  readonly pseudoAtoms: ModelColumns;
}

export interface JoinedModels {
  /** The atoms of the model, then the pseudo-atoms. */
  readonly atoms: ModelColumns;
  /** 1 for each pseudo-atom. */
  readonly pseudo: Uint8Array;
}

/** A partial model and the pseudo-atoms that complete it, as one model (models.md 6). */
export const joinModels: Step<JoinModelsInput, JoinedModels> = {
  name: 'joinModels',
  version: 1,
  run: ({ model, pseudoAtoms }) => {
    const atoms = joined(model, pseudoAtoms);
    return { atoms, pseudo: new Uint8Array(atoms.elements.length).fill(1, model.elements.length) };
  },
};

/** All atoms are to be treated as pseudo-atoms. */
export const markAsPseudo: Step<{ readonly atoms: ModelColumns }, Uint8Array> = {
  name: 'markAsPseudo',
  version: 1,
  run: ({ atoms }) => new Uint8Array(atoms.elements.length).fill(1),
};
