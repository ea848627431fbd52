import { type Colouring, type Layer, type Level, palettes } from '@chimerax-like/rpc';

/**
 * A file name as ChimeraX reads it: no escapes there, double quotes around it. Null for names that cannot be written so, or
 * that hold the sign between two commands; such a file is opened as a copy.
 */
export function quotedPath(path: string): string | null {
  return /["';\p{Cc}]/u.test(path) ? null : `"${path}"`;
}

/**
 * A name as it can stand between double quotes: without signs that end a text or a command, for `open` knows no escapes, and
 * with single spaces.
 */
export const tidyText = (text: string): string =>
  text
    .replaceAll(/["'\\;\p{Cc}]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();

/** A number as ChimeraX reads it, six digits. */
const number = (value: number): string => String(Number(value.toPrecision(6)));

export const showCommand = (spec: string, visible: boolean): string => `${visible ? 'show' : 'hide'} ${spec} models`;

export const levelCommand = (spec: string, { kind, value }: Level): string =>
  `volume ${spec} ${kind === 'sigma' ? 'sdLevel' : 'level'} ${number(value)}`;

/** ChimeraX places maps by rules of its own (ORIGIN words of .map files do not count), so it is told. */
export const originCommand = (spec: string, origin: readonly number[]): string =>
  `volume ${spec} origin ${origin.map(number).join(',')}`;

export const transparencyCommand = (spec: string, opacity: number): string =>
  `transparency ${spec} ${number(100 * (1 - opacity))} target s`;

/** One colour for a surface; that of ChimeraX's own first maps when none is chosen. */
export const plainCommand = (spec: string, plain: string | null): string =>
  `color ${spec} ${plain ?? '#b2b2b2'} target s`;

/** Colours a surface by another map; the surface follows when its level changes, as long as that map stays open. */
export function sampleCommand(spec: string, by: string, { palette, range: [low, high] }: Colouring): string {
  const stops = palettes[palette].map(([place, colour]) => `${number(low + place * (high - low))},${colour}`);
  return `color sample ${spec} map ${by} palette ${stops.join(':')} key true`;
}

/** Level at which a layer is drawn: what was set, or the threshold that is its surface. */
export function wantedLevel({ level, role, threshold }: Layer): Level | null {
  return level ?? (role === 'context' && threshold !== null ? { kind: 'absolute', value: threshold } : null);
}
