import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real maps and reference results lie beside the repository, where they are given; tests that need them say so when skipped. */
const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

export const mapsFolder = join(shared, 'data/maps');
export const goldenFolder = join(shared, 'golden/cube96-6wqa');
export const hasMaps = existsSync(join(mapsFolder, 'headers.json'));
export const hasGolden = existsSync(join(goldenFolder, 'manifest.json'));
