import { LocScaleError } from '@chimerax-like/rpc';

const defaultSeconds = 60;

/** How long ranks wait for one that does not answer: `LOCSCALE_RANK_TIMEOUT` in seconds, for slow shared file systems. */
export function rankPatienceMs(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = env['LOCSCALE_RANK_TIMEOUT'];
  if (text === undefined || text.trim() === '') return defaultSeconds * 1000;
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 86_400) return seconds * 1000;
  throw new LocScaleError(
    'input.parameter',
    `LOCSCALE_RANK_TIMEOUT is ${JSON.stringify(text)}, expected a number of seconds from 1 to 86400; correct it or unset it.`,
  );
}
