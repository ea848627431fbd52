import { basename } from 'node:path';

/** Colours of pVDDT as LocScale has them: blue and cyan for density taken away, green for agreement, yellow and red for density added. */
const palette = '-95,#0000ff:-80,#00ffff:0,#00ff00:80,#ffff00:95,#ff0000';

export interface ScriptMaps {
  readonly enhanced: string;
  readonly baseline: string;
  /** Null without Monte Carlo. */
  readonly pvddt: string | null;
  readonly level: number;
}

/** Commands for ChimeraX, which reads names relative to the folder of its script. */
export function chimeraxScript({ enhanced, baseline, pvddt, level }: ScriptMaps): string {
  const open = (path: string): string => `open ${JSON.stringify(basename(path))}`;
  const shownLevel = Number(level.toPrecision(4));
  const lines = [
    open(enhanced),
    open(baseline),
    ...(pvddt === null ? [] : [open(pvddt)]),
    `volume #1 level ${shownLevel}`,
    `volume #2 level ${shownLevel}`,
    'hide #!2 models',
    ...(pvddt === null
      ? []
      : [
          'hide #!3 models',
          `color sample #1 map #3 palette ${palette}`,
          'key blue:-95 cyan:-80 #00ff00:0 yellow:80 red:95 pos 0.9,0.5 size 0.01,0.2',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
