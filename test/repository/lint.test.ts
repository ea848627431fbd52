import { describe, expect, it } from 'vitest';
import { runTool, tools, unavailable } from '../../scripts/lint/tools.mjs';
import { root } from './tree.js';

/** What `npm run lint` runs, one test for each tool; a tool that is not installed is skipped with its reason in the name. */
const states = tools(root).map((tool) => ({ tool, reason: unavailable(tool) }));

describe('lint', () => {
  it('has all tools that come with the npm packages', () => {
    const missing = states.filter(({ tool, reason }) => tool.optional === undefined && reason !== null);
    expect(missing.map(({ tool }) => tool.name)).toEqual([]);
  });

  for (const { tool, reason } of states) {
    const name = reason === null ? `${tool.name} finds nothing` : `${tool.name} (left out, ${reason})`;
    // Most of them use one core, so they run side by side; only the tools that repair write files.
    it(name, { skip: reason !== null, concurrent: true, timeout: 600_000 }, async () => {
      const { ok, output } = await runTool(tool, root, false);
      expect(output).toBe('');
      expect(ok).toBe(true);
    });
  }
});
