import { isatty } from 'node:tty';

/** Where a command writes. A test hands in its own; the program uses the streams of the process. */
export interface Terminal {
  /** Results: what a pipe gets. */
  readonly print: (line: string) => void;
  /** Progress, notes and errors: what a person sees beside the result. */
  readonly note: (line: string) => void;
  /** Writes to the error stream without a new line, for a bar that redraws itself. */
  readonly draw: (text: string) => void;
  /** Whether the error stream is a terminal that can redraw a line. */
  readonly interactive: boolean;
  /** Width of that terminal in characters. */
  readonly columns: () => number;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  draw: (text) => void process.stderr.write(text),
  interactive: isatty(process.stderr.fd) && process.env['TERM'] !== 'dumb',
  columns: () => process.stderr.columns || 80,
};
