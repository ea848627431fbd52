import { z } from 'zod';
import type { ErrorKind } from './errors.js';
import { LocScaleError } from './errors.js';
import { describeIssues } from './issues.js';
import { shapeSchema } from './schema/grid.js';

/** Content types of `PUT /volumes`. */
export const uploadTypes = {
  /** Little-endian float32, C order (z, y, x), x fastest, no header; the grid stands in the query. */
  raw: 'application/octet-stream',
  /** A whole MRC/CCP4 file, optionally gzip- or bzip2-compressed; the grid stands in its header. */
  mrc: 'application/x-mrc',
} as const;

/** Content types of `PUT /models`; which of the two formats it is, is told by the content. */
export const modelUploadTypes: readonly string[] = ['application/octet-stream', 'chemical/x-mmcif', 'chemical/x-pdb'];

/** Content type of `GET /models/ID`. */
export const modelDownloadType = 'chemical/x-mmcif';

/** Response headers of `GET /volumes/ID`: the grid of what is sent, after region and step. */
export const gridHeaders = {
  shape: 'X-LocScale-Shape',
  voxelSize: 'X-LocScale-Voxel-Size',
  origin: 'X-LocScale-Origin',
} as const;

/** `a,b,c` in a query, as three numbers. */
const triple = z
  .string()
  .max(120)
  .regex(/^[^,\s]+,[^,\s]+,[^,\s]+$/, 'three numbers with commas between them expected')
  .transform((text) => text.split(',').map(Number));

const nameField = z
  .string()
  .min(1)
  .max(255)
  // Shown in lists and logs; never used as a path.
  .regex(/^[^\p{Cc}/\\]+$/u, 'a plain name without slashes or control characters expected')
  .default('upload')
  .meta({ description: 'Name to show in lists and messages; no slashes.' });

/** Query of `PUT /volumes` with raw voxels. */
export const rawUploadSchema = z.strictObject({
  name: nameField,
  shape: triple.pipe(shapeSchema).meta({ description: 'Number of voxels, `nz,ny,nx`, whole numbers.', unit: 'voxels' }),
  voxelSize: triple
    .pipe(z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]))
    .meta({ description: 'Edge of a voxel, `x,y,z`.', unit: 'Å' }),
  origin: triple
    .pipe(z.tuple([z.number(), z.number(), z.number()]))
    .default([0, 0, 0])
    .meta({ description: 'Position of the centre of voxel [0,0,0], `x,y,z`. Default: 0,0,0.', unit: 'Å' }),
});
export type RawUpload = z.infer<typeof rawUploadSchema>;

/** Query of `PUT /volumes` with an MRC file. */
export const mrcUploadSchema = z.strictObject({ name: nameField });
export type MrcUpload = z.infer<typeof mrcUploadSchema>;

/** Query of `PUT /models`. */
export const modelUploadSchema = z.strictObject({ name: nameField });
export type ModelUpload = z.infer<typeof modelUploadSchema>;

/** Query of `GET /models/ID`: there is nothing to choose. */
export const modelDownloadSchema = z.strictObject({});

/** Half-open ranges along z, y, x. */
export type Region = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

const regionSchema = z
  .string()
  .regex(/^\d{1,7}:\d{1,7},\d{1,7}:\d{1,7},\d{1,7}:\d{1,7}$/, 'z0:z1,y0:y1,x0:x1 expected')
  .transform((text, ctx): Region => {
    const [z0 = 0, z1 = 0, y0 = 0, y1 = 0, x0 = 0, x1 = 0] = text.split(/[:,]/).map(Number);
    if (z0 >= z1 || y0 >= y1 || x0 >= x1) ctx.addIssue('each range needs a start below its end');
    return [
      [z0, z1],
      [y0, y1],
      [x0, x1],
    ];
  });

/** Query of `GET /volumes/ID`. */
export const downloadSchema = z.strictObject({
  format: z
    .enum(['raw', 'mrc'])
    .default('raw')
    .meta({ description: '`raw`: little-endian float32, C order (z, y, x); `mrc`: an MRC file, mode 2.' }),
  region: regionSchema
    .optional()
    .meta({ description: 'Part to send, `z0:z1,y0:y1,x0:x1`, half-open. Default: all.', unit: 'voxels' }),
  step: z
    .string()
    .regex(/^\d{1,3}$/, 'a whole number from 1 to 256 expected')
    .default('1')
    .transform(Number)
    .pipe(z.int().min(1).max(256))
    .meta({ description: 'Sends every n-th voxel along each axis, 1 to 256, starting with the first of the region.' }),
});
export type Download = z.infer<typeof downloadSchema>;

/** Body of every HTTP answer that is an error. */
export const httpErrorSchema = z.strictObject({
  error: z.strictObject({ code: z.int(), kind: z.string(), message: z.string() }),
});
export type HttpError = z.infer<typeof httpErrorSchema>;

/** Reads a query by its schema; a name that comes twice is refused rather than guessed at. */
export function readQuery<S extends z.ZodType>(schema: S, query: Iterable<readonly [string, string]>): z.output<S> {
  const members = new Map<string, string>();
  for (const [name, value] of query) {
    if (members.has(name)) {
      throw new LocScaleError(
        'rpc.invalid-params',
        `Invalid params: the query names ${JSON.stringify(name)} twice; give it once.`,
      );
    }
    members.set(name, value);
  }
  const checked = schema.safeParse(Object.fromEntries(members), { reportInput: true });
  if (checked.success) return checked.data;
  const issues = describeIssues(checked.error);
  throw new LocScaleError('rpc.invalid-params', `Invalid params: ${issues.map((i) => i.message).join('; ')}.`, {
    issues,
  });
}

const statusByKind: Readonly<Partial<Record<ErrorKind, number>>> = {
  'access.denied': 401,
  'access.path': 403,
  'volume.unknown': 404,
  'model.unknown': 404,
  'job.unknown': 404,
  'rpc.unknown-method': 404,
  'volume.busy': 409,
  'model.busy': 409,
  'limit.size': 413,
  'input.format': 415,
  'input.header': 422,
  'input.voxels': 422,
  'input.model': 422,
  'limit.busy': 503,
  'rpc.internal': 500,
  'engine.crashed': 500,
  'engine.missing': 503,
  'daemon.stopping': 503,
  'output.disk-full': 507,
  'limit.memory': 507,
};

/** HTTP status of an error kind; what the caller can mend and has no status of its own is 400. */
export function httpStatus(kind: ErrorKind): number {
  return statusByKind[kind] ?? 400;
}

export function httpErrorBody(error: LocScaleError): HttpError {
  return { error: { code: error.code, kind: error.kind, message: error.message } };
}
