/** A map as the report calls it. */
export interface NamedMap {
  readonly name: 'input' | 'reference' | 'baseline' | 'output';
  readonly voxels: Float32Array;
}
