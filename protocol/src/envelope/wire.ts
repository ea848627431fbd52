/** Id of a request as it stands on the wire. `null` is a legal id, though the specification advises against it. */
export type WireId = string | number | null;

export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export type WireResponse =
  | { readonly jsonrpc: '2.0'; readonly id: WireId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: WireId; readonly error: WireError };

/**
 * Ids we can give back unchanged: strings, null, and integers that a double holds.
 * Fractional numbers ("SHOULD NOT", section 4) are refused: 0.1 need not survive another peer's printing.
 * 2^53 is the last integer that comes back with the digits it was sent with.
 */
export const isWireId = (value: unknown): value is WireId =>
  typeof value === 'string' ||
  value === null ||
  (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 53);
