const longest = 240;

/** A message of the runtime, which goes over several lines and begins with a place in its sources. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replace(/^\/\S+:\d+ .*?(?=[A-Z][a-z]+ )/u, '')
    .slice(0, longest)
    .trim();
