import { filter } from './filter.js';
import { fsc } from './fsc.js';
import { localResolutionCommand } from './local-resolution.js';
import type { MapCommand } from './map-command.js';
import { mask } from './mask.js';
import { profile } from './profile.js';
import { pseudoModel } from './pseudo-model.js';
import { refineAdpCommand } from './refine-adp.js';
import { resample } from './resample.js';
import { sharpenGlobal } from './sharpen-global.js';
import { simulate } from './simulate.js';
import { statistics } from './statistics.js';

/** The commands for single steps, in the order of the help. */
export const mapCommands: readonly MapCommand[] = [
  fsc,
  mask,
  localResolutionCommand,
  filter,
  sharpenGlobal,
  profile,
  resample,
  refineAdpCommand,
  simulate,
  pseudoModel,
  statistics,
];
