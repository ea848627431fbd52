/** Why a connection ended; `code` is the WebSocket close code where there is one. */
export interface CloseReason {
  readonly code?: number;
  readonly reason: string;
}

/**
 * One connection as the client sees it: whole text messages in order. Implemented by `adapters/ws` and
 * `adapters/memory`; one over the browser's WebSocket needs only these four functions.
 */
export interface Transport {
  send(text: string): void;
  /** At most one listener: the client that owns the connection. */
  onMessage(listener: (text: string) => void): void;
  /** Called once, also when the connection ends before the listener is set. */
  onClose(listener: (reason: CloseReason) => void): void;
  close(): void;
}

/** A server core as an adapter sees it: text in, text out (or nothing), one context object per connection. */
export interface TextServer<C extends object> {
  handleText(text: string, context: C): Promise<string | undefined>;
}
