import type { Step } from '../context.js';
import { checkOutputPath } from '../output-path.js';

export interface OutputCheck {
  readonly outputPath: string | null;
  /** Files of the inputs, which are never replaced. */
  readonly sources: readonly { readonly path: string }[];
}

/** Looks at the output path before any work, so that a typing error costs no computing time. */
export const checkOutput: Step<OutputCheck, void> = {
  name: 'checkOutput',
  version: 1,
  run: async ({ outputPath, sources }) => {
    if (outputPath === null) return;
    await checkOutputPath(
      outputPath,
      sources.map((source) => source.path),
    );
  },
};
