import {
  type Grid,
  type JobId,
  layerRole,
  type NotificationParams,
  type Region,
  type VolumeId,
} from '@chimerax-like/rpc';
import type { DaemonLink } from './daemon-link.js';
import { levelEnclosing, shareEnclosed } from './enclosed.js';
import { runsOf, type Sections } from './finished-sections.js';
import { isActive } from './job-list.js';
import { LatestOnly } from './latest-only.js';
import { isDensity, ownColours } from './layer-looks.js';
import type { MapSource } from './map-source.js';
import { type Mirror, previewRole, slotOf } from './mirror.js';
import type { Scene } from './scene.js';
import type { Box } from './surface.js';
import { quickVoxels, stepToShow } from './voxels.js';

type Slab = NotificationParams<'job.slab'>;
type Block = NotificationParams<'job.block'>;

interface Followed {
  /** The map on the screen that the job works on. */
  readonly map: VolumeId;
  readonly finished: Sections[];
  /** What was final before the first whole sections were. */
  block: Region | undefined;
  readonly drawing: LatestOnly;
  /** Slot of the surface that the finished sections stand in. */
  under: string | undefined;
}

/**
 * Shows the sections of a result that are final while its job still runs, in place of the same sections of what is on the
 * screen; the rest of the old surface stays. The whole result takes over when the job is done.
 */
export class SlabPreview {
  readonly #link: DaemonLink;
  readonly #scene: Scene;
  readonly #mirror: Mirror;
  readonly #onProblem: (problem: unknown) => void;
  readonly #followed = new Map<JobId, Followed>();
  readonly #stops: (() => void)[];

  constructor(link: DaemonLink, scene: Scene, mirror: Mirror, onProblem: (problem: unknown) => void) {
    this.#link = link;
    this.#scene = scene;
    this.#mirror = mirror;
    this.#onProblem = onProblem;
    this.#stops = [
      link.on('job.slab', (slab) => this.#hear(slab)),
      link.on('job.block', (block) => this.#hear(block)),
      link.on('job.changed', ({ job }) => {
        if (!isActive(job)) void this.#end(job.id).catch(onProblem);
      }),
    ];
  }

  /** Shows what this job finishes over a map on the screen. */
  follow(job: JobId, map: VolumeId): void {
    this.#followed.set(job, { map, finished: [], block: undefined, drawing: new LatestOnly(), under: undefined });
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  #hear(part: Slab | Block): void {
    const { job, output, volume } = part;
    const followed = this.#followed.get(job);
    if (followed === undefined || layerRole(output) !== 'result') return;
    if ('sections' in part) followed.finished.push(part.sections);
    else followed.block = part.region;
    followed.drawing
      .run(() => this.#draw(job, followed, volume))
      // The volume of a job that was cancelled is gone, which is no problem of anybody's.
      .catch((problem: unknown) => this.#followed.has(job) && this.#onProblem(problem));
  }

  async #draw(job: JobId, followed: Followed, volume: VolumeId): Promise<void> {
    // Ended meanwhile: the whole result is on its way.
    if (this.#followed.get(job) !== followed) return;
    const shown = this.#mirror.maps.value
      .find(({ id }) => id === followed.map)
      ?.layers.find((layer) => layer.visible && isDensity(layer));
    if (shown === undefined) return;
    const under = slotOf(followed.map, shown.name);
    const { look, source: drawn } = this.#scene.map(under) ?? {};
    const held = this.#scene.loaded(under);
    if (look === undefined || drawn === undefined || held === undefined) return;
    const { grid } = await this.#link.call('volume.describe', { volume });
    const whole: Region = drawn.region ?? regionOf(grid, [0, grid.shape[0]]);
    const region = overlap(finalPart(followed, grid), whole);
    if (region.some(([from, to]) => from >= to)) return;
    const [nz, ny, nx] = region.map(([from, to]) => to - from) as [number, number, number];
    // No finer than what it stands in: the first of the result is to come soon.
    const step = Math.max(drawn.step, stepToShow([nz, ny, nx], quickVoxels));
    const source = { volumes: [volume] as const, step, region };
    const slot = previewSlot(followed.map);
    if (followed.under !== undefined && followed.under !== under) await this.#scene.withdraw(slot, followed.under);
    followed.under = under;
    const box = boxOf(grid, region);
    await this.#scene.insert(
      { slot, role: previewRole, label: 'finished so far', source },
      { slot: under, box },
      (fresh) => {
        const share = shareEnclosed(look.level, held, within(drawn, region));
        // Sections without mask voxels are final, too, and hold nothing that could be shown.
        if (share === 0 || fresh.statistics.min === fresh.statistics.max) return undefined;
        const colouring = { kind: 'plain', colour: ownColours.result } as const;
        return { level: levelEnclosing(share, fresh), opacity: look.opacity, visible: true, colouring };
      },
    );
  }

  /** What the job made is drawn whole, or it came to nothing: the preview goes. */
  async #end(job: JobId): Promise<void> {
    const followed = this.#followed.get(job);
    if (followed === undefined) return;
    this.#followed.delete(job);
    await followed.drawing.settled;
    // Whatever the daemon has told of the scene before it answers is being drawn then.
    await this.#link.call('viewer.get');
    await this.#mirror.drawn(followed.map);
    if (followed.under !== undefined) await this.#scene.withdraw(previewSlot(followed.map), followed.under);
  }
}

const previewSlot = (map: VolumeId): string => slotOf(map, previewRole);

const regionOf = ({ shape: [, ny, nx] }: Grid, [first, end]: Sections): Region => [
  [first, end],
  [0, ny],
  [0, nx],
];

/** What can be shown: the block that was final first until the sections around it are, then all sections next to those. */
function finalPart({ finished, block }: Followed, grid: Grid): Region {
  const runs = runsOf(finished);
  if (block === undefined)
    return regionOf(
      grid,
      runs.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a), [0, 0]),
    );
  const [[first, end]] = block;
  const around = runs.find((run) => run[0] <= first && run[1] >= end);
  return around === undefined ? block : regionOf(grid, around);
}

const overlap = ([az, ay, ax]: Region, [bz, by, bx]: Region): Region => [
  common(az, bz),
  common(ay, by),
  common(ax, bx),
];
const common = (a: Sections, b: Sections): Sections => [Math.max(a[0], b[0]), Math.min(a[1], b[1])];

/** A region of a volume in the voxels of a map of it that is drawn in part, or with every n-th voxel. */
function within({ step, region }: MapSource, [z, y, x]: Region): Region {
  const along = ([from, to]: Sections, start = 0): Sections => [
    Math.ceil((from - start) / step),
    Math.ceil((to - start) / step),
  ];
  return [along(z, region?.[0][0]), along(y, region?.[1][0]), along(x, region?.[2][0])];
}

/** The box of a region, half a voxel wider than the centres of its voxels. */
function boxOf({ voxelSize, origin }: Grid, region: Region): Box {
  const [z, y, x] = region;
  const ranges = [x, y, z] as const;
  const along = (of: (range: readonly [number, number], size: number, start: number) => number): Box['centre'] =>
    ([0, 1, 2] as const).map((axis) => of(ranges[axis], voxelSize[axis], origin[axis])) as [number, number, number];
  return {
    centre: along(([from, to], size, start) => start + ((from + to - 1) / 2) * size),
    edges: along(([from, to], size) => (to - from) * size),
  };
}
