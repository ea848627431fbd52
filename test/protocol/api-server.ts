import {
  createRpcServer,
  LocScaleError,
  type Handlers,
  type OnInternalError,
  type Result,
  type RpcServer,
} from '@chimerax-like/rpc';

type Job = Result<'job.get'>;

export const knownJob: Job = {
  id: 'job-0000000000000001',
  recipe: 'reference-map',
  state: 'running',
  submittedAt: '2026-01-01T12:00:00.000Z',
  startedAt: '2026-01-01T12:00:01.000Z',
  endedAt: null,
  progress: null,
  outputs: {},
  models: {},
  files: [],
  network: null,
  timings: {},
  warnings: [],
  error: null,
};

const notHere = (): never => {
  throw new LocScaleError('engine.missing', 'This server only checks messages; no engine is behind it.');
};

/** Handlers with one job and no volumes: enough to see how parameters are read and answers are made. */
const knownMap: Result<'viewer.show'> = {
  id: 'vol-0000000000000001',
  name: 'map',
  revision: 1,
  active: 'original',
  layers: [],
};

/** Handlers of viewers: a screen with one map. */
const viewerHandlers = {
  'viewer.attach': () => notHere(),
  'viewer.detach': () => ({ detached: true }),
  'viewer.list': () => [],
  'viewer.get': () => ({ revision: 1, maps: [knownMap] }),
  'viewer.add': ({ volume, name }) => ({ ...knownMap, id: volume, name: name ?? knownMap.name }),
  'viewer.addJob': () => knownMap,
  'viewer.remove': () => ({ removed: true }),
  'viewer.show': ({ volume }) => {
    if (volume === knownMap.id) return knownMap;
    throw new LocScaleError('viewer.not-shown', `The volume ${volume} is in no map on the screen; put it there.`);
  },
  'viewer.level': () => knownMap,
  'viewer.colour': () => knownMap,
  'viewer.toggle': () => knownMap,
  'viewer.page': () => notHere(),
} satisfies Partial<Handlers<object>>;

export const apiHandlers: Handlers<object> = {
  'session.hello': () => notHere(),
  'daemon.status': () => {
    throw new Error('a defect');
  },
  'daemon.shutdown': () => ({ stopping: true }),
  'volume.open': () => notHere(),
  'volume.describe': () => notHere(),
  'volume.statistics': () => notHere(),
  'volume.list': () => [],
  'volume.save': ({ path }) => ({ path }),
  'volume.close': () => ({ closed: true }),
  'model.open': () => notHere(),
  'model.describe': () => notHere(),
  'model.list': () => [],
  'model.close': () => ({ closed: true }),
  'emdb.fetch': () => notHere(),
  'emdb.stop': () => ({ stopped: false }),
  'job.estimate': () => notHere(),
  'job.submit': () => notHere(),
  'job.get': ({ job }) => find(job),
  'job.list': ({ limit }) => [knownJob].slice(0, limit),
  'job.cancel': ({ job }) => ({ ...find(job), state: 'cancelled' }),
  'network.list': () => [],
  'network.import': () => notHere(),
  'network.verify': () => [],
  'network.remove': () => notHere(),
  'network.providers': () => [],
  'context.subtract': () => notHere(),
  ...viewerHandlers,
  'job.events': ({ job, since }) => [{ sequence: since + 1, at: '2026-01-01T12:00:01.000Z', job: find(job) }],
};

/** The daemon's own methods and schemas, as far as they can be answered without a daemon. */
export function apiServer(
  onInternalError: OnInternalError,
  limits: Readonly<Record<string, number>>,
): RpcServer<object> {
  return createRpcServer({ handlers: apiHandlers, onInternalError, limits, checkResults: true });
}

function find(job: string): Job {
  if (job === knownJob.id) return knownJob;
  throw new LocScaleError('job.unknown', `No job has the id ${job}; job.list lists all of them.`, { job });
}
