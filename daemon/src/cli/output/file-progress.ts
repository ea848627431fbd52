import type { Terminal } from '../terminal.js';
import { humanSize } from './size.js';

/** Tells of files that are being fetched, one after the other: of each every tenth of the way, once. */
export function fileProgress(terminal: Terminal): (file: string, received: number, total: number) => void {
  const told = new Map<string, number>();
  return (file, received, total) => {
    const tenth = Math.floor((10 * received) / total);
    if (tenth <= (told.get(file) ?? 0)) return;
    told.set(file, tenth);
    terminal.note(`${file}: ${10 * tenth} % of ${humanSize(total)}`);
  };
}
