import { ask, orAborted, patient } from '../download/index.js';
import { type Archive, headerOf } from './archive.js';
import type { EntryNumber } from './entry.js';

/** The longest headers have a few hundred kilobytes. */
const longest = 8 * 2 ** 20;

/** The contour level that the depositors recommend for the map of an entry; null where the entry names none. */
export async function recommendedLevel(
  archive: Archive,
  entry: EntryNumber,
  signal?: AbortSignal,
): Promise<number | null> {
  const place = headerOf(archive, entry);
  const limit = patient(signal);
  const response = await ask(place, place.path, { signal: limit });
  if (response.status !== 200 || Number(response.headers.get('content-length')) > longest) {
    await response.body?.cancel();
    return null;
  }
  return levelIn(await orAborted(response.text(), limit));
}

/**
 * The primary contour of the entry's own map (`map/contour_list/contour/level` of EMDB's schema, version 3), or the first one.
 * Other maps of an entry, half maps among them, have contours of their own elsewhere in the document.
 */
export function levelIn(xml: string): number | null {
  const map = /<map\b[^>]*>([\s\S]*?)<\/map>/.exec(xml)?.[1] ?? '';
  const contours = [...map.matchAll(/<contour\b([^>]*)>([\s\S]*?)<\/contour>/g)];
  const primary = contours.find(([, attributes = '']) => /primary\s*=\s*["']true["']/.test(attributes)) ?? contours[0];
  const text = /<level>\s*([^<\s]+)\s*<\/level>/.exec(primary?.[2] ?? '')?.[1];
  const level = Number(text);
  return text === undefined || !Number.isFinite(level) ? null : level;
}
