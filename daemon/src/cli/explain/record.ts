import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';

/**
 * What the sidecar of a map says, as far as it is understood here. Records of other versions say more or less: a field that is
 * missing or of another form is no fault, and what is not understood is printed as it is.
 */
const outputSchema = z.looseObject({
  path: z.string().optional().catch(undefined),
  role: z.string().optional().catch(undefined),
  /** Of the voxels as little-endian float32 in C order (z, y, x). */
  voxelsSha256: z.string().optional().catch(undefined),
});
const inputSchema = z.looseObject({ path: z.string(), name: z.string().optional(), sha256: z.string().optional() });
const stepSchema = z.looseObject({ name: z.string(), version: z.number() });
const object = z.record(z.string(), z.unknown());
const recordSchema = z.looseObject({
  program: z.literal('locscale'),
  version: z.string().optional().catch(undefined),
  writtenAt: z.string().optional().catch(undefined),
  recipe: z.string().optional().catch(undefined),
  output: outputSchema.optional().catch(undefined),
  otherOutputs: z.array(outputSchema).optional().catch(undefined),
  inputs: z.record(z.string(), inputSchema).optional().catch(undefined),
  parameters: object.optional().catch(undefined),
  given: object.optional().catch(undefined),
  /** A list in the order in which they were evaluated, or versions by name. */
  steps: z
    .union([z.array(stepSchema), z.record(z.string(), z.number())])
    .optional()
    .catch(undefined),
  timingsSeconds: z.record(z.string(), z.number()).optional().catch(undefined),
  warnings: z
    .array(z.looseObject({ message: z.string() }))
    .optional()
    .catch(undefined),
});
export type MapRecord = z.infer<typeof recordSchema>;
export type RecordedOutput = z.infer<typeof outputSchema>;
export type RecordedStep = z.infer<typeof stepSchema>;

/** A record, what it says of the map asked for, and every field as it stands in the file. */
export interface FoundRecord {
  readonly path: string;
  readonly record: MapRecord;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly output: RecordedOutput;
}

const largestRecord = 64 * 2 ** 20;

/**
 * The record beside a map: `<stem>.locscale.json`, or for a map that another one was written with (`out_mask.mrc` with `out.mrc`)
 * that one's, if it names this file.
 */
export async function findRecord(map: string): Promise<FoundRecord | null> {
  const stem = basename(map)
    .replace(/\.(gz|bz2)$/iu, '')
    .replace(/\.[^.]*$/u, '');
  const own = await readRecord(join(dirname(map), `${stem}.locscale.json`));
  if (own !== null) return { ...own, output: own.record.output ?? {} };
  for (let end = stem.lastIndexOf('_'); end > 0; end = stem.lastIndexOf('_', end - 1)) {
    const other = await readRecord(join(dirname(map), `${stem.slice(0, end)}.locscale.json`)).catch(() => null);
    const output = other?.record.otherOutputs?.find(
      ({ path }) => path !== undefined && basename(path) === basename(map),
    );
    if (other !== null && output !== undefined) return { ...other, output };
  }
  return null;
}

async function readRecord(path: string): Promise<Omit<FoundRecord, 'output'> | null> {
  const text = await readText(path);
  if (text === null) return null;
  const value = parseJson(text);
  const raw = object.safeParse(value);
  const record = recordSchema.safeParse(value);
  if (raw.success && record.success) return { path, record: record.data, raw: raw.data };
  throw new LocScaleError(
    'input.format',
    `The record ${path} ${value === undefined ? 'is no whole JSON' : 'was not written by LocScale'}, so it says nothing of the map; remove it, or put the right one there.`,
    { path },
  );
}

async function readText(path: string): Promise<string | null> {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > largestRecord)
      throw new LocScaleError(
        'input.unreadable',
        `The record ${path} is ${stats.isFile() ? `${stats.size} bytes long` : 'no file'}, expected a file of at most ${largestRecord} bytes; remove it, or put the right one there.`,
        { path },
      );
    const file = await open(path);
    return await file.readFile('utf8').finally(() => file.close());
  } catch (cause) {
    if (cause instanceof LocScaleError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT') return null;
    throw new LocScaleError(
      'input.unreadable',
      `The record ${path} cannot be read: the system says ${code}; make it readable and try again.`,
      { path },
      { cause },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
