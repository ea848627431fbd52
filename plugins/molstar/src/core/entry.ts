/** Reads an entry of EMDB as people type it where a path could stand: `emdb:1234`, `EMD-1234`, `1234`; undefined for anything else. */
export function entryIn(text: string): string | undefined {
  const number = /^(?:emdb:(?:emd[-_])?|emd[-_ ]?)?(\d{4,6})$/i.exec(text.trim())?.[1];
  return number === undefined ? undefined : `EMD-${number}`;
}
