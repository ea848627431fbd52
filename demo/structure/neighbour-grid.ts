import { distance, type Vec3 } from './vector.js';

export interface Neighbour<T> {
  readonly item: T;
  readonly position: Vec3;
}

/** Points in cubic cells, so that only the 27 cells around a place are searched. */
export class NeighbourGrid<T> {
  readonly #cell: number;
  readonly #cells = new Map<string, Neighbour<T>[]>();

  /** `cell`: edge of a cell in Å, which is also the largest distance up to which every neighbour is found. */
  constructor(cell: number) {
    this.#cell = cell;
  }

  #index(position: Vec3): readonly [number, number, number] {
    const [x, y, z] = position;
    return [Math.floor(x / this.#cell), Math.floor(y / this.#cell), Math.floor(z / this.#cell)];
  }

  insert(position: Vec3, item: T): void {
    const key = this.#index(position).join(',');
    const entries = this.#cells.get(key);
    if (entries === undefined) this.#cells.set(key, [{ position, item }]);
    else entries.push({ position, item });
  }

  /** Everything in the neighbouring cells. */
  near(position: Vec3): Neighbour<T>[] {
    const [x, y, z] = this.#index(position);
    const found: Neighbour<T>[] = [];
    for (let i = x - 1; i <= x + 1; i++)
      for (let j = y - 1; j <= y + 1; j++)
        for (let k = z - 1; k <= z + 1; k++) found.push(...(this.#cells.get(`${i},${j},${k}`) ?? []));
    return found;
  }

  /** Distance (Å) to the nearest point that `counts`; Infinity when there is none in the neighbouring cells. */
  nearest(position: Vec3, counts: (item: T) => boolean): number {
    return this.near(position).reduce(
      (best, { item, position: other }) => (counts(item) ? Math.min(best, distance(other, position)) : best),
      Infinity,
    );
  }
}
