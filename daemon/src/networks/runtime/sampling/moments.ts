/** Mean and variance of passes that come one after the other, voxel by voxel, in double precision (Welford). */
export class Moments {
  readonly #mean: Float64Array;
  /** Sum of squared deviations. */
  readonly #squares: Float64Array;
  #passes = 0;

  constructor(voxels: number) {
    this.#mean = new Float64Array(voxels);
    this.#squares = new Float64Array(voxels);
  }

  add(pass: Float32Array): void {
    this.#passes++;
    const [mean, squares, passes] = [this.#mean, this.#squares, this.#passes];
    for (let i = 0; i < pass.length; i++) {
      const value = pass[i] as number;
      const before = value - (mean[i] as number);
      const now = (mean[i] as number) + before / passes;
      mean[i] = now;
      squares[i] = (squares[i] as number) + before * (value - now);
    }
  }

  get mean(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#mean);
  }

  /** Divided by the number of passes, as LocScale does. */
  get variance(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#squares, (sum) => sum / this.#passes);
  }
}
