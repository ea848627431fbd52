import { availableParallelism, hostname } from 'node:os';
import { apiVersion, type Handlers, type Limits, LocScaleError, type Params, type Result } from '@chimerax-like/rpc';
import { modelPaths, programVersion, recipeNames, type Workshop } from '../jobs/index.js';
import { assertNotOwn, type StatePaths } from '../state.js';
import type { EmdbEntries } from './emdb-entries.js';
import type { LoopDelay } from './loop-delay.js';
import { createViewerHandlers, type ViewerService } from '../viewers/index.js';
import type { Peer } from './sockets.js';

export interface HandlerParts {
  readonly workshop: Workshop;
  readonly viewers: ViewerService;
  readonly emdb: EmdbEntries;
  readonly paths: StatePaths;
  readonly limits: Limits;
  readonly delay: LoopDelay;
  readonly startedAt: Date;
  readonly sockets: () => number;
  /** Address of the page for a caller. */
  readonly pageAddress: (params: Params<'viewer.page'>, peer: Peer) => Promise<Result<'viewer.page'>>;
  readonly shutdown: (deadlineMs: number) => void;
}

const namespaces = ['session', 'rpc', 'daemon', 'volume', 'model', 'emdb', 'job', 'network', 'context', 'viewer'];

/** What the daemon does for each method; everything is checked before it comes here and checked again where it is used. */
export function createHandlers(parts: HandlerParts): Handlers<Peer> {
  const { jobs, registry, models, tasks, networks } = parts.workshop;
  const { paths } = parts;
  return {
    'session.hello': (params, peer) => hello(params, peer, parts),
    'daemon.status': () => status(parts),
    'daemon.shutdown': ({ deadlineSeconds }) => {
      parts.shutdown(deadlineSeconds * 1000);
      return { stopping: true };
    },
    'volume.open': async ({ path }) => {
      await assertNotOwn(path, paths);
      return registry.open(path);
    },
    'volume.describe': ({ volume }) => registry.describe(volume),
    'volume.statistics': ({ volume }) => tasks.statistics(volume),
    'volume.list': () => registry.list(),
    'volume.save': async ({ volume, path }) => {
      await assertNotOwn(path, paths);
      await tasks.save(volume, path, jobs.inputsInUse());
      return { path };
    },
    'volume.close': async ({ volume }) => {
      await registry.close(volume);
      parts.viewers.scene.forget(volume);
      return { closed: true };
    },
    'model.open': async ({ path }) => {
      await assertNotOwn(path, paths);
      return models.open(path);
    },
    'model.describe': ({ model }) => models.describe(model),
    'model.list': () => models.list(),
    'model.close': async ({ model }) => {
      await models.close(model);
      return { closed: true };
    },
    'emdb.fetch': (params) => parts.emdb.fetch(params),
    'emdb.stop': (params) => parts.emdb.stop(params),
    'job.estimate': async (request) => {
      for (const path of modelPaths(request)) await assertNotOwn(path, paths);
      const { peakBytes, budgetBytes, windowSize } = await jobs.estimate(request);
      return { peakBytes, budgetBytes, windowSize, fits: peakBytes <= budgetBytes };
    },
    'job.submit': async (request) => {
      for (const path of modelPaths(request)) await assertNotOwn(path, paths);
      if (request.output !== undefined) await assertNotOwn(request.output.path, paths);
      return jobs.submit(request);
    },
    'network.list': () => networks.list(),
    'network.import': async (params) => {
      const { path, calibrator } = params;
      for (const file of [path, typeof calibrator === 'object' ? calibrator.path : path])
        await assertNotOwn(file, paths);
      return networks.import(params);
    },
    'network.verify': (params) => networks.verify(params),
    'network.remove': (params) => networks.remove(params),
    'network.providers': () => networks.providers(),
    'context.subtract': (params) => parts.viewers.subtract(params),
    'job.get': ({ job }) => jobs.get(job),
    'job.list': ({ limit }) => jobs.list(limit),
    'job.cancel': ({ job }) => jobs.cancel(job),
    'job.events': ({ job, since }) =>
      jobs.events(job, since).map(({ seq, at, payload }) => ({ sequence: seq, at, job: payload.job })),
    ...createViewerHandlers(parts.viewers),
    'viewer.page': (params, peer) => parts.pageAddress(params, peer),
  };
}

async function hello(
  { api }: Params<'session.hello'>,
  { reach }: Peer,
  { workshop: { engine, gate }, limits }: HandlerParts,
) {
  const [major] = apiVersion.split('.');
  if (api !== undefined && api.split('.')[0] !== major)
    throw new LocScaleError(
      'rpc.invalid-params',
      `The caller speaks API ${api}, this daemon ${apiVersion}; update the older of the two.`,
    );
  const { simd, reason } = await engine.info();
  const { messageBytes, batchLength, sockets, callsInFlight, uploadBytes, modelBytes } = limits;
  return {
    name: 'locscale',
    version: programVersion,
    api: apiVersion,
    host: hostname(),
    capabilities: [...namespaces, ...(reach === 'local' ? ['paths'] : [])],
    recipes: [...recipeNames],
    engine: { available: reason === null, reason, simd, threads: availableParallelism() },
    limits: { messageBytes, batchLength, sockets, callsInFlight, uploadBytes, modelBytes, memoryBytes: gate.budget },
  } as const;
}

function status({ workshop: { jobs, registry, models, gate }, delay, startedAt, sockets }: HandlerParts) {
  return {
    pid: process.pid,
    version: programVersion,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1000,
    sockets: sockets(),
    jobs: jobs.counts(),
    volumes: registry.size,
    models: models.size,
    residentBytes: process.memoryUsage.rss(),
    memoryBudgetBytes: gate.budget,
    memoryReservedBytes: gate.reserved,
    eventLoopDelayMs: delay.read(),
  };
}
