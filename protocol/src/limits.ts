const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Limits of one daemon; every boundary is tested at the limit and one past it. */
export interface Limits {
  /** Longest control message (one text frame), in bytes of UTF-8. */
  readonly messageBytes: number;
  /** Deepest nesting of arrays and objects in a control message. */
  readonly messageDepth: number;
  /** Most messages in one batch. */
  readonly batchLength: number;
  /** Calls of one connection that may be unanswered at a time. */
  readonly callsInFlight: number;
  /** WebSocket connections at a time. */
  readonly sockets: number;
  /** Largest upload, in bytes of voxels after decompression. */
  readonly uploadBytes: number;
  /** Largest upload of a model, in bytes as sent; also the most that a model may have unpacked. */
  readonly modelBytes: number;
  /** Unsent bytes of one socket above which progress is held back, newest wins. */
  readonly sendHighWaterBytes: number;
  /** Unsent bytes of one socket above which the socket is dropped: its reader is gone or far too slow. */
  readonly sendOverflowBytes: number;
}

export const defaultLimits: Limits = {
  messageBytes: 1 * MiB,
  // Real requests nest about 5 deep; JSON.stringify overflows the stack somewhere between 5,000 and 100,000.
  messageDepth: 64,
  batchLength: 50,
  callsInFlight: 64,
  sockets: 16,
  uploadBytes: 8 * GiB,
  // Twice the largest entry of the PDB, a virus capsid of 2.4 million atoms.
  modelBytes: 512 * MiB,
  sendHighWaterBytes: 8 * MiB,
  sendOverflowBytes: 32 * MiB,
};
