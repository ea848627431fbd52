import type { Warning } from '@chimerax-like/rpc';
import { printable, type HeaderWords } from './words.js';

const maxLabels = 10;
const labelLength = 80;
const firstLabelWord = 57;

/** The labels (words 57–256), as many as NLABL (word 56) announces, without empty ones. */
export const readLabels = (words: HeaderWords): { labels: readonly string[]; warnings: readonly Warning[] } => {
  const announced = words.int(56);
  const sensible = announced >= 0 && announced <= maxLabels;
  const count = sensible ? announced : maxLabels;
  // Labels are printed on terminals, where control characters act; the format allows none.
  const labels = Array.from({ length: count }, (_, i) =>
    printable(words.text(firstLabelWord + i * 20, labelLength)).trim(),
  );
  const message = `The header announces ${announced} labels, but 0 to 10 fit; all that are there are read.`;
  return {
    labels: labels.filter((label) => label !== ''),
    warnings: sensible ? [] : [{ kind: 'header.labels', message }],
  };
};

/**
 * The labels of an output: those of the input, then the new ones that say what was done. Ten fit, so the oldest go first; the
 * new ones always stay.
 */
export const mergeLabels = (old: readonly string[], added: readonly string[]): readonly string[] => {
  const merged = [...old, ...added].filter((label) => label.trim() !== '');
  return merged.slice(Math.max(0, merged.length - maxLabels));
};

export const writeLabels = (words: HeaderWords, labels: readonly string[]): void => {
  words.setInt(56, labels.length);
  labels.forEach((label, i) => words.setText(firstLabelWord + i * 20, labelLength, label));
};
