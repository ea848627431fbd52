import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  LocScaleError,
  type ModelDescription,
  modelDownloadSchema,
  modelDownloadType,
  type ModelId,
  modelUploadSchema,
  modelUploadTypes,
  readQuery,
} from '@chimerax-like/rpc';
import { type ModelRegistry, receiveFile } from '../jobs/index.js';
import { partOf } from './byte-range.js';
import { assertSize, contentLength, keepOrRemove } from './upload.js';

/** Takes the body of `PUT /models` into the model folder and has it read; nothing is kept of one that is refused. */
export async function receiveModel(
  request: IncomingMessage,
  query: URLSearchParams,
  models: ModelRegistry,
  limit: number,
): Promise<ModelDescription> {
  const type = (request.headers['content-type'] ?? modelUploadTypes[0])?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || !modelUploadTypes.includes(type))
    throw new LocScaleError(
      'input.format',
      `The Content-Type is ${JSON.stringify(type)}, expected ${modelUploadTypes.join(', ')} or none.`,
    );
  const { name } = readQuery(modelUploadSchema, query);
  const announced = contentLength(request);
  if (announced !== null) assertSize(announced, limit, 'leave out what is not needed of the model');
  const { id, path } = models.reserve();
  return keepOrRemove(path, async () => {
    await receiveFile(request, path, limit, announced);
    return models.adopt(id, path, name);
  });
}

/** Answers `GET /models/ID` (and HEAD): the model as mmCIF, in the ranges that the caller asks for. */
export async function sendModel(
  request: IncomingMessage,
  response: ServerResponse,
  id: ModelId,
  query: URLSearchParams,
  models: ModelRegistry,
): Promise<void> {
  readQuery(modelDownloadSchema, query);
  const release = models.use(id);
  // Once the file is open it can be read to its end, also when the model is closed meanwhile.
  const file = await models
    .written(id)
    .then((path) => open(path, 'r'))
    .finally(release);
  try {
    const { size } = await file.stat();
    response.setHeader('Content-Type', modelDownloadType);
    const part = partOf(request, response, size);
    if (part === null) return;
    if (request.method === 'HEAD') response.end();
    else await pipeline(file.createReadStream({ start: part.first, end: part.end - 1, autoClose: false }), response);
  } catch (error) {
    // A caller that went away is no fault of ours.
    if (!response.destroyed) throw error;
  } finally {
    await file.close();
  }
}
