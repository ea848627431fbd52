import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Deposited models lie beside the repository, where they are given. */
export const modelsFolder = fileURLToPath(new URL('../../../../shared/data/models/', import.meta.url));
export const modelsMissing = !existsSync(`${modelsFolder}index.json`);
export const modelFiles = modelsMissing
  ? []
  : readdirSync(modelsFolder).filter((name) => /\.(pdb|cif)\.gz$/u.test(name));
