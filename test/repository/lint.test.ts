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
    it.skipIf(reason !== null)(name, { timeout: 300_000 }, () => {
      const { ok, output } = runTool(tool, root, false);
      expect(output).toBe('');
      expect(ok).toBe(true);
    });
  }
});
