export const layerRoles = ['original', 'result', 'confidence', 'context', 'mask', 'measure'] as const;
/** What an output is to a viewer; `measure` is drawn by nobody and only coloured by. */
export type LayerRole = (typeof layerRoles)[number];

const roles: Readonly<Record<string, LayerRole>> = {
  sharpened: 'result',
  fem: 'result',
  baseline: 'result',
  cleaned: 'result',
  confidence: 'confidence',
  pvddt: 'confidence',
  context: 'context',
  mask: 'mask',
  contextMask: 'mask',
  differenceMask: 'mask',
};

/** The role of a recipe's output by its name; what is not named here is a measure. */
export function layerRole(output: string): LayerRole {
  return Object.hasOwn(roles, output) ? (roles[output] ?? 'measure') : 'measure';
}
