import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';
import { programVersion } from '../engine/version.js';
import { identityOfThisProcess, identitySchema, threadsOf, type Identity } from './identity.js';
import type { Launch } from './launch.js';
import { newToken, removeAbandonedRuns, RunFolder } from './run-folder.js';
import { pollMs } from './watch.js';

export interface MeetingOptions {
  readonly launch: Launch;
  /** Folder of the store, which all ranks must see. */
  readonly store: string;
  /** The command line, the same for all ranks. */
  readonly command: readonly string[];
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** What all ranks know once they have met. */
export interface Met {
  readonly folder: RunFolder;
  readonly ranks: readonly Identity[];
  /** Threads for each rank. */
  readonly threads: readonly number[];
}

/** The order to end came before all ranks had met: who caused it has said so, or will. */
export class NotMet extends Error {
  constructor() {
    super('the run ended before its ranks had met');
    this.name = 'NotMet';
  }
}

const offerSchema = z.object({ token: z.string().regex(/^[0-9a-f]{16}$/u) });
const joinSchema = z.object({ nonce: z.string(), version: z.string(), identity: identitySchema });
const startSchema = z.object({
  nonces: z.array(z.string()),
  ranks: z.array(identitySchema),
  threads: z.array(z.int()),
});

/**
 * Rank 0 opens a new folder, offers it, and waits until all ranks have come. What earlier runs have left cannot be taken for this
 * one: a rank goes on only when the start of the run names the number that it has just drawn.
 */
export async function callTogether(options: MeetingOptions): Promise<Met> {
  const { launch, store, patienceMs, signal } = options;
  await removeAbandonedRuns(join(store, 'ranks'));
  const meeting = await openMeeting(options);
  const token = newToken();
  const folder = await RunFolder.open(join(meeting.path, token));
  try {
    const identity = await identityOfThisProcess();
    const own = { nonce: token, version: programVersion, identity };
    await folder.create('join-0', own);
    await meeting.replace('offer', { token });
    const joined = new Map([[0, own]]);
    const deadline = performance.now() + patienceMs;
    while (joined.size < launch.size) {
      const names = await folder.names();
      for (let rank = 1; rank < launch.size; rank++) {
        if (joined.has(rank) || !names.has(`join-${rank}`)) continue;
        const join = await folder.read(`join-${rank}`, joinSchema);
        if (join !== null) joined.set(rank, sameVersion(rank, join));
      }
      if (signal.aborted) throw new NotMet();
      if (joined.size < launch.size && performance.now() > deadline) throw nobodyCame(options, joined);
      if (joined.size < launch.size) await pause(launch, signal);
    }
    const all = [...joined].sort(([a], [b]) => a - b).map(([, join]) => join);
    const ranks = all.map((join) => join.identity);
    const threads = threadsOf(ranks);
    await folder.replace('start', { nonces: all.map(({ nonce }) => nonce), ranks, threads });
    return { folder, ranks, threads };
  } catch (error) {
    // Those who have come need not wait for the others.
    await folder.create('failed').catch(() => false);
    if (!signal.aborted) await sleep(5 * pollMs(launch.size));
    folder.removeWithMeeting();
    throw error;
  }
}

/** The other ranks look for the offer of rank 0 and go there. */
export async function joinRun(options: MeetingOptions): Promise<Met> {
  const { launch, patienceMs, signal } = options;
  const meeting = await openMeeting(options);
  const identity = await identityOfThisProcess();
  const nonce = newToken();
  // Rank 0 gives up first, and says why.
  const deadline = performance.now() + patienceMs * 1.5;
  let token: string | null = null;
  let folder: RunFolder | null = null;
  while (performance.now() < deadline) {
    if (signal.aborted) throw new NotMet();
    const offer = await meeting.read('offer', offerSchema);
    if (offer !== null && offer.token !== token) {
      folder = await RunFolder.open(join(meeting.path, offer.token));
      await folder.replace(`join-${launch.rank}`, { nonce, version: programVersion, identity });
      token = offer.token;
    }
    const start = await folder?.read('start', startSchema);
    if (folder !== null && start?.nonces[launch.rank] === nonce) return { folder, ...start };
    if ((await folder?.names().catch(() => null))?.has('failed') === true) break;
    await pause(launch, signal);
  }
  throw new NotMet();
}

/** Where the ranks of one run look for each other. */
async function openMeeting({ launch, store, command }: MeetingOptions): Promise<RunFolder> {
  const name = createHash('sha256')
    .update(JSON.stringify([launch.run, launch.size, command]))
    .digest('hex')
    .slice(0, 16);
  await mkdir(join(store, 'ranks'), { recursive: true, mode: 0o700 }).catch(() => undefined);
  return RunFolder.open(join(store, 'ranks', name));
}

const pause = (launch: Launch, signal: AbortSignal): Promise<void> =>
  sleep(pollMs(launch.size), undefined, { signal }).catch(() => undefined);

function sameVersion(rank: number, join: z.infer<typeof joinSchema>): z.infer<typeof joinSchema> {
  if (join.version === programVersion) return join;
  throw new LocScaleError(
    'engine.missing',
    `Rank ${rank} on ${join.identity.host} runs LocScale ${join.version}, rank 0 runs ${programVersion}; install the same version on all hosts.`,
  );
}

function nobodyCame(
  { launch, store, patienceMs }: MeetingOptions,
  joined: ReadonlyMap<number, unknown>,
): LocScaleError {
  const missing = Array.from({ length: launch.size }, (_, rank) => rank).filter((rank) => !joined.has(rank));
  const some = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ', …' : '');
  return new LocScaleError(
    'connection.timeout',
    `${missing.length} of ${launch.size} ranks (${some}) did not appear in ${store} within ${Math.round(patienceMs / 1000)} s; all hosts must see the same folder there: set LOCSCALE_HOME to one that they share.`,
    { seen: joined.size, expected: launch.size, missing },
  );
}
