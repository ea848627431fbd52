/**
 * The error table. Codes -32700…-32603 are JSON-RPC 2.0's own (section 5.1); 1000–1999 are ours.
 * Clients branch on `kind`, which never changes meaning; the message is one sentence for people:
 * value seen, value expected, next step.
 */
export const errorTable = {
  'rpc.parse': { code: -32700, summary: 'The text is not JSON.' },
  'rpc.invalid-request': { code: -32600, summary: 'The JSON is not a JSON-RPC 2.0 request.' },
  'rpc.unknown-method': { code: -32601, summary: 'No such method.' },
  'rpc.invalid-params': { code: -32602, summary: 'The parameters do not fit the method.' },
  'rpc.internal': { code: -32603, summary: 'A defect of the daemon; the log holds the text under the correlation id.' },

  'input.missing': { code: 1000, summary: 'A file or a required input is not there.' },
  'input.unreadable': {
    code: 1001,
    summary: 'The path exists but cannot be read as a file (directory, FIFO, device, no permission).',
  },
  'input.format': { code: 1002, summary: 'The bytes are not a map or model in a format that is read here.' },
  'input.header': { code: 1003, summary: 'The header contradicts itself or the file length.' },
  'input.voxels': { code: 1004, summary: 'The voxels cannot be used: not finite, or all equal.' },
  'input.mismatch': { code: 1005, summary: 'Two inputs do not fit each other: shape, voxel size or origin.' },
  'input.parameter': { code: 1006, summary: 'A parameter is outside its range for these inputs.' },
  'input.model': { code: 1007, summary: 'The atoms of a model cannot be used: none, or not finite.' },
  'output.is-input': { code: 1010, summary: 'The output path names an input.' },
  'output.unwritable': { code: 1011, summary: 'The output cannot be written there.' },
  'output.disk-full': { code: 1012, summary: 'No space is left for the output.' },
  'volume.unknown': { code: 1020, summary: 'No volume has this id.' },
  'volume.busy': { code: 1021, summary: 'The volume is in use by a job.' },
  'model.unknown': { code: 1024, summary: 'No model has this id.' },
  'model.busy': { code: 1025, summary: 'The model is in use by a job or a download.' },
  'job.unknown': { code: 1030, summary: 'No job has this id.' },
  'job.cancelled': { code: 1031, summary: 'The job was cancelled.' },
  'job.conflict': { code: 1032, summary: 'The same request key was used for another request.' },
  'job.finished': { code: 1033, summary: 'The job has ended; the call needs one that has not.' },
  'engine.crashed': { code: 1040, summary: 'The engine process ended in the middle of the job.' },
  'engine.missing': { code: 1041, summary: 'The native addon is missing or does not load.' },
  'limit.memory': { code: 1050, summary: 'The job needs more memory than its budget.' },
  'limit.size': { code: 1051, summary: 'A message, batch or upload is larger than allowed.' },
  'limit.busy': { code: 1052, summary: 'The queue, the sockets or the calls in flight are at their limit.' },
  'access.denied': { code: 1060, summary: 'The token is missing or wrong.' },
  'access.path': { code: 1061, summary: 'This client may not name paths on the daemon’s machine.' },
  'daemon.stopping': { code: 1070, summary: 'The daemon is shutting down.' },
  'viewer.unknown': { code: 1100, summary: 'No viewer has this id.' },
  'viewer.unreachable': { code: 1101, summary: 'ChimeraX does not answer at the address of its REST server.' },
  'viewer.refused': { code: 1102, summary: 'ChimeraX answered a command with an error.' },
  'viewer.not-shown': { code: 1103, summary: 'The volume is not on the screen of the viewers.' },

  'connection.refused': { code: 1080, summary: 'No daemon answers at this address (made by the client).' },
  'connection.closed': { code: 1081, summary: 'The connection ended before the answer came (made by the client).' },
  'connection.timeout': { code: 1082, summary: 'No answer came in time (made by the client).' },
} as const;

export type ErrorKind = keyof typeof errorTable;

/** An error that users see: crosses every boundary (kernel, engine process, wire, command line) with its kind. */
export class LocScaleError extends Error {
  readonly kind: ErrorKind;
  /** Extra numbers for programs, e.g. `{ seen: [96,96,96], expected: [128,128,128] }`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LocScaleError';
    this.kind = kind;
    this.details = details;
  }

  get code(): number {
    return errorTable[this.kind].code;
  }
}
