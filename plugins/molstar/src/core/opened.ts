import { findHalfMaps, guessRole, halfOf, type VolumeDescription } from '@chimerax-like/rpc';
import type { Draft } from './draft.js';

type Named = Pick<VolumeDescription, 'id' | 'name'>;

/** The draft with volumes that were opened together as its inputs, by their names; `all` are those that can be chosen. */
export function withOpened(draft: Draft, opened: readonly Named[], all: readonly Named[]): Draft {
  const [first, second] = findHalfMaps(opened.map(({ name }) => name))?.map((i) => opened[i]) ?? [];
  const paired =
    first === undefined || second === undefined
      ? draft
      : { ...draft, halfMaps: [first.id, second.id] as const, volumes: { ...draft.volumes, map: undefined } };
  const others = opened.filter((volume) => volume !== first && volume !== second);
  return others.reduce((sofar, volume) => withOne(sofar, volume, all), paired);
}

function withOne(draft: Draft, volume: Named, all: readonly Named[]): Draft {
  const role = guessRole(volume.name);
  const half = role === 'half map' ? halfOf(volume.name) : undefined;
  if (half === undefined) return { ...draft, volumes: { ...draft.volumes, [role]: volume.id } };
  // A half map that came before stays if both are of one reconstruction.
  const held = all.find(({ id }) => id === draft.halfMaps[half === 1 ? 1 : 0]);
  const partner = held !== undefined && findHalfMaps([held.name, volume.name]) !== undefined ? held.id : undefined;
  return {
    ...draft,
    halfMaps: half === 1 ? [volume.id, partner] : [partner, volume.id],
    volumes: { ...draft.volumes, map: undefined },
  };
}
