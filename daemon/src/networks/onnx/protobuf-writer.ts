/** Kinds of fields on the wire (protobuf encoding, "Message structure"). */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Writes one protobuf message; large fields are kept by reference and copied once, at the end. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A whole number; negative ones as 64-bit two's complement, which is what protobuf's int64 does. */
  int(field: number, value: number): this {
    return this.#tag(field, wireTypes.varint).#push(varint(BigInt.asUintN(64, BigInt(value))));
  }

  float(field: number, value: number): this {
    return this.#tag(field, wireTypes.fixed32).#push(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, wireTypes.bytes)
      .#push(varint(BigInt(value.length)))
      .#push(value);
  }

  message(field: number, value: ProtobufWriter): this {
    this.#tag(field, wireTypes.bytes).#push(varint(BigInt(value.length)));
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** All parts as one block. */
  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #tag(field: number, wire: number): this {
    return this.#push(varint(BigInt(field * 8 + wire)));
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
