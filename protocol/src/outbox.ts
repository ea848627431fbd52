import type { NotificationDescriptor } from './descriptor.js';
import type { Limits } from './limits.js';
import { notifications } from './methods/index.js';
import type { DeepReadonly, NotificationName, NotificationParams } from './typed.js';

/** Where an outbox sends: one socket. */
export interface OutboxSink {
  /** Bytes handed over and not yet taken by the operating system. */
  readonly bufferedBytes: number;
  /** `sent` is called when this text has left the buffer, or cannot any more. */
  send(text: string, sent: () => void): void;
  /** The reader is far too slow: end the connection. */
  overflow(bufferedBytes: number): void;
}

/**
 * What one connection still has to send. Above the high-water mark only the newest notification of each droppable series
 * (`latestOf`, e.g. the progress of one job) is kept back; everything else goes out in order and is never dropped, until
 * the overflow mark ends the connection.
 */
export class Outbox {
  readonly #sink: OutboxSink;
  readonly #limits: Pick<Limits, 'sendHighWaterBytes' | 'sendOverflowBytes'>;
  /** Newest held-back text of each series, in the order in which the series first stalled. */
  readonly #held = new Map<string, string>();

  constructor(sink: OutboxSink, limits: Pick<Limits, 'sendHighWaterBytes' | 'sendOverflowBytes'>) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Sends an answer. */
  sendText(text: string): void {
    this.#release();
    this.#put(text);
  }

  notify<N extends NotificationName>(name: N, params: DeepReadonly<NotificationParams<N>>): void {
    const text = JSON.stringify({ jsonrpc: '2.0', method: name, params });
    const series = seriesOf(name, params);
    if (series === undefined) this.sendText(text);
    else if (this.#aboveHighWater()) this.#held.set(series, text);
    else this.sendText(text);
  }

  #put(text: string): void {
    this.#sink.send(text, () => {
      if (!this.#aboveHighWater()) this.#release();
    });
    const buffered = this.#sink.bufferedBytes;
    if (buffered > this.#limits.sendOverflowBytes) this.#sink.overflow(buffered);
  }

  /** Held-back texts go before anything newer, so that progress never arrives after the end of its job. */
  #release(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const text of held) this.#put(text);
  }

  #aboveHighWater(): boolean {
    return this.#sink.bufferedBytes > this.#limits.sendHighWaterBytes;
  }
}

const descriptors: ReadonlyMap<string, NotificationDescriptor> = new Map(notifications.map((n) => [n.name, n]));

function seriesOf(name: NotificationName, params: object): string | undefined {
  const member = descriptors.get(name)?.latestOf;
  return member === undefined ? undefined : `${name} ${String(new Map(Object.entries(params)).get(member))}`;
}
