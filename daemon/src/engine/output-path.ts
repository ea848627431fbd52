import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rm, stat } from 'node:fs/promises';
import { dirname, extname, format, isAbsolute, join, parse } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { outputError } from '../volumes/atomic-file.js';
import { assertNotInput } from '../volumes/index.js';

const extensions = ['.mrc', '.map', '.ccp4'];
const modelExtensions = ['.cif', '.mmcif'];

/** `<stem>.locscale.json` beside the map. */
export function sidecarPath(outputPath: string): string {
  const { dir, name } = parse(outputPath);
  return format({ dir, name, ext: '.locscale.json' });
}

/** A map beside the main one: `<stem><suffix>.mrc`, where SURFER's own ending of a cleaned map does not count. */
export function sidePath(outputPath: string, suffix: string): string {
  const { dir, name } = parse(outputPath);
  return format({ dir, name: `${name.replace(/_without_micelle$/u, '')}${suffix}`, ext: '.mrc' });
}

/** A file beside the main map that is no map: `<stem><ending>`. */
export function documentPath(outputPath: string, ending: string): string {
  const { dir, name } = parse(outputPath);
  return join(dir, `${name}${ending}`);
}

/** What side maps may be called. */
const suffixes = [
  ...['_mask', '_bfactor', '_qfit', '_locres', '_reference', '_difference_mask'],
  ...['_model_map_predicted', '_baseline', '_variance', '_pVDDT', '_micelle_prediction', '_micelle_mask'],
];
/** How names of side files that are no maps end. */
const documentEndings = ['_audit.json', '_model.cif', '_calibration.json'];

/** Refuses an output path that cannot become a map file, or that is (under whatever name) one of the inputs. */
export async function checkOutputPath(path: string, inputs: readonly string[]): Promise<void> {
  await assertFreeFile(path, inputs, extensions);
  const maps = suffixes.map((suffix) => sidePath(path, suffix));
  const documents = documentEndings.map((ending) => documentPath(path, ending));
  for (const side of [sidecarPath(path), ...maps, ...documents]) await assertNotInput(side, inputs);
  await assertWritableFolder(path);
}

/** The same for a model, which is written as mmCIF and has no files beside it. */
export async function checkModelPath(path: string, inputs: readonly string[]): Promise<void> {
  await assertFreeFile(path, inputs, modelExtensions);
  await assertWritableFolder(path);
}

async function assertFreeFile(path: string, inputs: readonly string[], endings: readonly string[]): Promise<void> {
  if (!isAbsolute(path) || path.includes('\0'))
    throw refused(path, 'is not an absolute path', 'give the whole path from the root folder');
  if (!endings.includes(extname(path).toLowerCase()))
    throw refused(path, `ends in "${extname(path)}", expected ${endings.join(', ')}`, 'choose such a name');
  await assertWritable(path);
  await assertNotInput(path, inputs);
}

/** What is there already must be a file that may be replaced. */
async function assertWritable(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isFile()) throw refused(path, 'exists and is not a file', 'choose another name');
    await access(path, constants.W_OK);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw outputError(path, cause);
  }
}

/** Tries it: permission bits do not tell of read-only disks or of the superuser's rights. */
async function assertWritableFolder(path: string): Promise<void> {
  const probe = join(dirname(path), `.locscale-${randomBytes(8).toString('hex')}.probe`);
  try {
    if (!(await stat(dirname(path))).isDirectory())
      throw refused(path, 'lies in something that is no folder', 'choose another folder');
    await (await open(probe, 'wx')).close();
  } catch (cause) {
    // The folder is there, but its file system (/proc, for one) makes no files.
    if (codeOf(cause) === 'ENOENT' && (await stat(dirname(path)).catch(() => null)) !== null)
      throw refused(path, 'lies in a folder in which files cannot be made', 'choose another folder');
    throw outputError(path, cause);
  }
  await rm(probe);
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function refused(path: string, reason: string, advice: string): LocScaleError {
  return new LocScaleError('output.unwritable', `The output ${path} ${reason}; ${advice}.`, { path });
}
