import { NetworkFault } from '../fault.js';
import { construct, globalNamed, isKind, storageOf, unexpected, type Value } from './pickle-values.js';

const damaged = (): NetworkFault => new NetworkFault('its pickle ends too early or contradicts itself');
const mark = Symbol('mark');

/** Walks a pickle's bytes; each read is held against their end. */
class Bytes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length) throw damaged();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  /** Little-endian whole number. */
  unsigned(length: number): number {
    return this.take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  }
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw damaged();
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }
  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }
}

/** The stack of pickle's machine, and what it has been told to remember. */
class Machine {
  readonly #stack: (Value | typeof mark)[] = [];
  readonly #memo = new Map<number, Value>();

  push(value: Value): void {
    this.#stack.push(value);
  }
  mark(): void {
    this.#stack.push(mark);
  }
  pop(): Value {
    const top = this.#stack.pop();
    if (top === undefined || top === mark) throw damaged();
    return top;
  }
  top(): Value {
    const top = this.pop();
    this.push(top);
    return top;
  }
  toMark(): Value[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw damaged();
    const items = this.#stack.splice(at).slice(1);
    return items.filter((item): item is Value => item !== mark);
  }
  several(count: number): Value[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }
  remember(index: number): void {
    this.#memo.set(index, this.top());
  }
  rememberNext(): void {
    this.remember(this.#memo.size);
  }
  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw damaged();
    this.push(value);
  }
  /** Adds pairs of key and value to the dictionary on top. Keys that are no texts (an optimizer's numbers) are kept as texts. */
  setItems(items: readonly Value[]): void {
    const target = this.top();
    if (!isKind(target, 'dictionary') || items.length % 2 !== 0) throw unexpected();
    for (let at = 0; at < items.length; at += 2) {
      const key = items[at];
      if (typeof key !== 'string' && typeof key !== 'number') throw unexpected();
      target.entries.set(String(key), items[at + 1] as Value);
    }
  }
  append(items: readonly Value[]): void {
    const target = this.top();
    if (!isKind(target, 'list')) throw unexpected();
    for (const item of items) target.items.push(item);
  }
}

const tuple = (items: Value[]): Value => ({ kind: 'tuple', items });

/** What each opcode does; one that is not here is refused. Numbers: Python's pickletools, protocols 2 to 4. */
const opcodes: Readonly<Record<number, (machine: Machine, bytes: Bytes) => void>> = {
  0x80: (_, bytes) => void bytes.take(1), // PROTO
  0x95: (_, bytes) => void bytes.take(8), // FRAME
  0x28: (machine) => machine.mark(),
  0x30: (machine) => void machine.pop(), // POP
  0x4e: (machine) => machine.push(null),
  0x88: (machine) => machine.push(true),
  0x89: (machine) => machine.push(false),
  0x7d: (machine) => machine.push({ kind: 'dictionary', entries: new Map() }),
  0x5d: (machine) => machine.push({ kind: 'list', items: [] }),
  0x29: (machine) => machine.push(tuple([])),
  0x85: (machine) => machine.push(tuple(machine.several(1))),
  0x86: (machine) => machine.push(tuple(machine.several(2))),
  0x87: (machine) => machine.push(tuple(machine.several(3))),
  0x74: (machine) => machine.push(tuple(machine.toMark())),
  0x4a: (machine, bytes) => machine.push(bytes.unsigned(4) | 0), // BININT, signed
  0x4b: (machine, bytes) => machine.push(bytes.unsigned(1)),
  0x4d: (machine, bytes) => machine.push(bytes.unsigned(2)),
  0x8a: (machine, bytes) => {
    // LONG1: little-endian two's complement; numbers beyond 2^53 are of no use here.
    const length = bytes.unsigned(1);
    if (length > 6) throw unexpected();
    const value = bytes.unsigned(length);
    machine.push(length > 0 && value >= 2 ** (8 * length - 1) ? value - 2 ** (8 * length) : value);
  },
  0x47: (machine, bytes) => {
    const block = bytes.take(8);
    machine.push(new DataView(block.buffer, block.byteOffset).getFloat64(0)); // BINFLOAT, big-endian
  },
  0x58: (machine, bytes) => machine.push(bytes.text(bytes.unsigned(4))),
  0x8c: (machine, bytes) => machine.push(bytes.text(bytes.unsigned(1))),
  0x63: (machine, bytes) => machine.push(globalNamed(bytes.line(), bytes.line())),
  0x93: (machine) => {
    const [module, name] = machine.several(2);
    if (typeof module !== 'string' || typeof name !== 'string') throw unexpected();
    machine.push(globalNamed(module, name));
  },
  0x52: (machine) => {
    const [called, args] = machine.several(2);
    machine.push(construct(called, args));
  },
  0x51: (machine) => machine.push(storageOf(machine.pop())),
  0x71: (machine, bytes) => machine.remember(bytes.unsigned(1)),
  0x72: (machine, bytes) => machine.remember(bytes.unsigned(4)),
  0x94: (machine) => machine.rememberNext(),
  0x68: (machine, bytes) => machine.recall(bytes.unsigned(1)),
  0x6a: (machine, bytes) => machine.recall(bytes.unsigned(4)),
  0x73: (machine) => machine.setItems(machine.several(2)),
  0x75: (machine) => machine.setItems(machine.toMark()),
  0x61: (machine) => machine.append(machine.several(1)),
  0x65: (machine) => machine.append(machine.toMark()),
  0x62: (machine) => {
    // BUILD sets attributes of an object, as of the _metadata of a state dictionary: of no use here.
    machine.pop();
    if (!isKind(machine.top(), 'dictionary') && !isKind(machine.top(), 'ignored')) throw unexpected();
  },
};
const stop = 0x2e;

/** Reads a pickle of dictionaries, lists, numbers, texts and tensors. Nothing is ever called or imported. */
export function readPickle(block: Uint8Array): Value {
  const bytes = new Bytes(block);
  const machine = new Machine();
  for (;;) {
    const opcode = bytes.unsigned(1);
    if (opcode === stop) return machine.pop();
    const act = opcodes[opcode];
    if (act === undefined)
      throw new NetworkFault(
        `its pickle holds the opcode 0x${opcode.toString(16).padStart(2, '0')}, which no dictionary of tensors needs: nothing was run`,
        'save the state dictionary alone (torch.save(model.state_dict(), file))',
      );
    act(machine, bytes);
  }
}
