/**
 * Why a network file cannot be used, in two parts of one sentence: what is wrong, and what to do. Parsers throw it without
 * knowing the file's name, which is added where the name is known.
 */
export class NetworkFault extends Error {
  readonly reason: string;
  readonly next: string;

  constructor(reason: string, next = 'fetch or export the file again') {
    super(`${reason}; ${next}`);
    this.name = 'NetworkFault';
    this.reason = reason;
    this.next = next;
  }
}

/** Text from a file, fit for a sentence: no control characters, and not longer than a line. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text).replaceAll('\u007f', '');
