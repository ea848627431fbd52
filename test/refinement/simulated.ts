export {
  boxEdge,
  pick,
  recovery,
  simulated,
  smoothRecovery,
  type Recovery,
  type Simulated,
  type Simulation,
} from '../../bench/recovery/simulated.js';

/** Standard normal numbers from uniform ones (Box and Muller). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
