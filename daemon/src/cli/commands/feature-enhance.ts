import type { Command } from 'commander';
import { addLocScaleOptions, givenOptions } from '../options/commander.js';
import { featureGroups, featureOptions } from '../options/feature-enhance.js';
import { featureRequest } from '../options/request.js';
import type { Terminal } from '../terminal.js';
import { runRequest } from './sharpen.js';

/** `locscale feature_enhance …`: a network's map with the confidence in it (docs/feature-enhance.md). */
export function registerFeatureEnhance(program: Command, terminal: Terminal): void {
  const command = program
    .command('feature_enhance')
    .alias('feature-enhance')
    .description('enhance a map with a network, and score where its density can be trusted')
    .usage('-hm HALF1 HALF2 | -em MAP  [-ma MASK] [-o OUT]')
    .allowExcessArguments(false);
  addLocScaleOptions(command, featureGroups).action(() =>
    runRequest(featureRequest(givenOptions(command, featureOptions), process.cwd()), terminal),
  );
}
