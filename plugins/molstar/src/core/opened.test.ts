import { describe, expect, it } from 'vitest';
import { type Draft, emptyDraft } from './draft.js';
import { withOpened } from './opened.js';

const named = (...names: readonly string[]) => names.map((name, i) => ({ id: `vol-000000000000000${i}`, name }));

describe('volumes that were opened', () => {
  it('together become inputs by their names', () => {
    const [two, one, mask, reference] = named('a_half2.mrc', 'a_half1.mrc', 'mask.mrc', 'model_map.mrc');
    const all = [two, one, mask, reference].flatMap((volume) => volume ?? []);
    const draft = withOpened(emptyDraft, all, all);
    expect(draft.halfMaps).toEqual([one?.id, two?.id]);
    expect(draft.volumes).toEqual({ map: undefined, mask: mask?.id, reference: reference?.id });
  });

  it('one after the other do, too, in either order', () => {
    const all = named('a_half1.mrc', 'a_half2.mrc');
    const oneByOne = (order: readonly number[]): Draft =>
      order.reduce((draft, i) => withOpened(draft, all.slice(i, i + 1), all), emptyDraft);
    for (const order of [
      [0, 1],
      [1, 0],
      [0, 0, 1],
    ])
      expect(oneByOne(order).halfMaps, String(order)).toEqual(all.map(({ id }) => id));
  });

  it('do not make a pair of halves of two reconstructions', () => {
    const all = named('a_half1.mrc', 'a_half2.mrc', 'b_half1.mrc');
    const pair = withOpened(emptyDraft, all.slice(0, 2), all);
    expect(withOpened(pair, all.slice(2), all).halfMaps).toEqual([all[2]?.id, undefined]);
  });
});
