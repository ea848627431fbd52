/** One exchange: texts sent together, and what has come back when all of them are settled. */
export interface Exchange {
  readonly line: number;
  readonly sent: readonly string[];
  readonly expected: readonly ExpectedAnswer[];
}

/**
 * `exact`: equal as JSON. `printed`: as the specification prints it; our message may go on after the printed words
 * (`Invalid Request: …`) and the error may carry `data`.
 */
export interface ExpectedAnswer {
  readonly kind: 'exact' | 'printed';
  readonly text: string;
}

export interface Transcript {
  /** `demo`: the methods of the specification's examples; `api`: the methods of the daemon. */
  readonly server: 'demo' | 'api';
  readonly limits: Readonly<Record<string, number>>;
  readonly exchanges: readonly Exchange[];
}

const markers = { '-->': 'sent', '<--': 'exact', '<~~': 'printed' } as const;

/**
 * Reads a transcript. `-->` is sent, `<--` and `<~~` are expected; indented lines continue the line above; `#` starts a
 * comment; `! server api` and `! limit NAME=NUMBER` set the stage. Sent lines that follow each other go out together,
 * before any answer is awaited. `{{TEXT*N}}` in a line repeats TEXT, `{{U+XXXX}}` is one code unit.
 */
export function parseTranscript(source: string): Transcript {
  let server: Transcript['server'] = 'demo';
  const limits: Record<string, number> = {};
  const exchanges: { line: number; sent: string[]; expected: ExpectedAnswer[] }[] = [];
  let append: (continuation: string) => void = () => undefined;

  for (const [index, line] of source.split('\n').entries()) {
    const fail = (why: string): never => {
      throw new Error(`Line ${index + 1}: ${why}: ${line}`);
    };
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith(' ')) {
      append(`\n${line}`);
      continue;
    }
    if (line.startsWith('! ')) {
      const limit = /^! limit (\w+)=(\d+)$/.exec(line);
      if (line === '! server api') server = 'api';
      else if (limit?.[1] !== undefined) limits[limit[1]] = Number(limit[2]);
      else fail('unknown directive');
      continue;
    }
    const marker = line.slice(0, 3);
    if (marker !== '-->' && marker !== '<--' && marker !== '<~~') return fail('unknown marker');
    const text = line.slice(4);
    const last = exchanges.at(-1);
    const kind = markers[marker];
    if (kind === 'sent') {
      const current = last?.expected.length === 0 ? last : { line: index + 1, sent: [], expected: [] };
      if (current !== last) exchanges.push(current);
      append = appendTo(current.sent, text, (t) => t);
    } else if (last === undefined) fail('an answer before anything was sent');
    else append = appendTo(last.expected, text, (t) => ({ kind, text: t }));
  }
  if (exchanges.length === 0) throw new Error('The transcript sends nothing.');
  return {
    server,
    limits,
    exchanges: exchanges.map((e) => ({
      line: e.line,
      sent: e.sent.map(expand),
      expected: e.expected.map((a) => ({ kind: a.kind, text: expand(a.text) })),
    })),
  };
}

/** Adds `text` to the list and returns the function that lengthens it. */
function appendTo<T>(list: T[], text: string, make: (text: string) => T): (continuation: string) => void {
  let whole = text;
  const at = list.push(make(whole)) - 1;
  return (continuation) => {
    whole += continuation;
    list[at] = make(whole);
  };
}

function expand(text: string): string {
  return text
    .replace(/\{\{U\+([0-9A-F]{4})\}\}/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\{\{(.+?)\*(\d+)\}\}/g, (_, unit: string, count: string) => unit.repeat(Number(count)));
}
