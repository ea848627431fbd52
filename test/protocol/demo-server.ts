import { Envelope, LocScaleError, method, readParams, type OnInternalError, type RawMethod } from '@chimerax-like/rpc';
import { z } from 'zod';

const subtract = method({
  name: 'subtract',
  summary: 'The method of the specification’s examples.',
  params: z.strictObject({ minuend: z.number(), subtrahend: z.number() }),
  result: z.number(),
  errors: [],
});
const subtractParams = subtract.params;

/** One connection to the demo server: calls that wait until another call lets them go. */
export class DemoContext {
  readonly waiting = new Map<string, (word: string) => void>();
}

/** The methods of the specification's section 7, and some that fail in every way a method can, behind our envelope. */
export function demoServer(
  onInternalError: OnInternalError,
  limits: Readonly<Record<string, number>>,
): Envelope<DemoContext> {
  const methods: Readonly<Record<string, RawMethod<DemoContext>>> = {
    subtract: (params) => {
      const { minuend, subtrahend } = subtractParams.parse(readParams(subtract, params));
      return minuend - subtrahend;
    },
    sum: (params) =>
      z
        .array(z.number())
        .parse(params)
        .reduce((a, b) => a + b, 0),
    update: () => undefined,
    notify_hello: () => 'nobody reads this',
    notify_sum: () => 'nobody reads this',
    get_data: () => ['hello', 5],
    echo: (params) => params,
    nothing: () => undefined,
    null: () => null,
    throw: () => {
      throw new Error('/home/user/secret: no such file');
    },
    'throw.later': async () => {
      await Promise.resolve();
      throw new Error('/home/user/secret: no such file');
    },
    'throw.text': () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless dependency might do
      throw 'a bare string';
    },
    'throw.kind': () => {
      throw new LocScaleError('job.unknown', 'No job has the id job-1; job.list lists all of them.', { job: 'job-1' });
    },
    unprintable: () => 10n,
    /** Answers when `release` is called with the same word. */
    wait: (params, context) =>
      new Promise((resolve) => {
        context.waiting.set(wordOf(params), resolve);
      }),
    release: (params, context) => {
      const word = wordOf(params);
      const resume = context.waiting.get(word);
      resume?.(`${word} released`);
      return resume !== undefined;
    },
  };
  return new Envelope({ methods: new Map(Object.entries(methods)), onInternalError, limits });
}

function wordOf(params: unknown): string {
  return z.tuple([z.string()]).parse(params)[0];
}
