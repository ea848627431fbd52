import { describe, expect, test } from 'vitest';
import { errorTable, LocScaleError, type ErrorKind } from './errors.js';
import {
  downloadSchema,
  httpErrorBody,
  httpErrorSchema,
  httpStatus,
  mrcUploadSchema,
  rawUploadSchema,
  readQuery,
} from './http.js';

const raw = (query: string): unknown => readQuery(rawUploadSchema, new URLSearchParams(query));
const mrc = (query: string): unknown => readQuery(mrcUploadSchema, new URLSearchParams(query));
const get = (query: string): unknown => readQuery(downloadSchema, new URLSearchParams(query));

test('raw upload: shape is z,y,x; origin and name have defaults', () => {
  expect(raw('shape=3,4,5&voxelSize=1,1.5,2')).toEqual({
    name: 'upload',
    shape: [3, 4, 5],
    voxelSize: [1, 1.5, 2],
    origin: [0, 0, 0],
  });
  expect(raw('name=half%201&shape=1,1,1&voxelSize=1,1,1&origin=-1,0,2.5')).toMatchObject({
    name: 'half 1',
    origin: [-1, 0, 2.5],
  });
});

test('download: everything by default, region half-open', () => {
  expect(get('')).toEqual({ format: 'raw', step: 1 });
  expect(get('format=mrc&region=0:8,1:2,3:9&step=2')).toEqual({
    format: 'mrc',
    step: 2,
    region: [
      [0, 8],
      [1, 2],
      [3, 9],
    ],
  });
});

describe('refused with the name of the field and the value seen', () => {
  test.each([
    [raw, '', 'shape is missing'],
    [raw, 'shape=3,4&voxelSize=1,1,1', 'shape is "3,4": three numbers'],
    [raw, 'shape=3,4,0&voxelSize=1,1,1', 'shape.2 is 0'],
    [raw, 'shape=3,4,2.5&voxelSize=1,1,1', 'shape.2 is 2.5'],
    [raw, 'shape=3,4,5&voxelSize=1,1,-1', 'voxelSize.2 is -1'],
    [raw, 'shape=3,4,5&voxelSize=1,1,1e999', 'voxelSize.2 is Infinity'],
    [raw, 'shape=3,4,x&voxelSize=1,1,1', 'shape.2 is NaN'],
    [raw, 'shape=3,4,5&voxelSize=1,1,1&token=abc', '"token" is not known here'],
    [raw, 'shape=3,4,5&voxelSize=1,1,1&name=../etc/passwd', 'name is "../etc/passwd"'],
    [raw, 'shape=3,4,5&voxelSize=1,1,1&name=', 'name is ""'],
    [raw, 'shape=1,1,1&shape=2,2,2&voxelSize=1,1,1', 'names "shape" twice'],
    [mrc, 'shape=3,4,5', '"shape" is not known here'],
    [get, 'region=0:8', 'region is "0:8"'],
    [get, 'region=5:5,0:1,0:1', 'each range needs a start below its end'],
    [get, 'region=-1:5,0:1,0:1', 'region is "-1:5,0:1,0:1"'],
    [get, 'step=0', 'step is 0'],
    [get, 'step=257', 'step is 257'],
    [get, 'step=1.5', 'step is "1.5"'],
    [get, 'format=tiff', 'format is "tiff"'],
  ])('%o %s', (read, query, message) => {
    expect(() => read(query)).toThrow(LocScaleError);
    expect(() => read(query)).toThrow(message);
  });
});

test('every kind has a status that is an error', () => {
  for (const kind of Object.keys(errorTable) as ErrorKind[]) {
    expect(httpStatus(kind)).toBeGreaterThanOrEqual(400);
    expect(httpStatus(kind)).toBeLessThan(600);
  }
  expect(httpStatus('access.denied')).toBe(401);
  expect(httpStatus('volume.unknown')).toBe(404);
});

test('the error body fits its schema', () => {
  const body = httpErrorBody(new LocScaleError('volume.unknown', 'No volume has this id.', { seen: 'vol-1' }));
  expect(httpErrorSchema.parse(body)).toEqual({
    error: { code: 1020, kind: 'volume.unknown', message: 'No volume has this id.' },
  });
});
