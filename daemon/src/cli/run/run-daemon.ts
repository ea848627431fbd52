import type { Terminal } from '../terminal.js';

export async function runDaemon(terminal: Terminal): Promise<void> {
  terminal.note('x');
  await Promise.resolve();
}
