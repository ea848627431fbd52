import type { SlicesPart } from '../data.js';
import type { Block } from '../document.js';

/** Rows and columns of a section across each axis. */
const directions = { x: ['z', 'y'], y: ['z', 'x'], z: ['y', 'x'] } as const;

/** Lengths of scale bars that people read at a glance, Å. */
const barLengths = [5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];

/** The same sections of all maps side by side. */
export function sliceBlocks({ planes, contrast }: SlicesPart): readonly Block[] {
  return planes.map(({ across, section, sections, width, height, panels }, index) => {
    const [rows, columns] = directions[across];
    const bar = barLengths.findLast((length) => length <= width / 4) ?? width / 4;
    return {
      kind: 'pictures',
      caption:
        `Section ${section + 1} of ${sections} across ${across}; ${columns} runs to the right, ${rows} upwards. Scale bar ${bar} Å.` +
        (index === 0 ? ` ${contrast}` : ''),
      width,
      height,
      bar,
      pictures: panels.map(({ name, png }) => ({
        name,
        description: `${name}, section ${section + 1} of ${sections} across ${across}`,
        png,
      })),
    };
  });
}
