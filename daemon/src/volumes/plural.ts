/** The wording that fits a number of things: `plural(1, 'voxel is', 'voxels are')` is `1 voxel is`. */
export const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
