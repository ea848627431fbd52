import { guessRole } from '@chimerax-like/rpc';
import { PluginBehavior } from 'molstar/lib/mol-plugin/behavior.js';
import { PluginCommands } from 'molstar/lib/mol-plugin/commands.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { PluginSpec } from 'molstar/lib/mol-plugin/spec.js';
import { ParamDefinition as PD } from 'molstar/lib/mol-util/param-definition.js';
import { setBelongings } from './bench-of.js';
import { type LinkOptions, Workbench } from './core/index.js';
import { followJobs } from './follow-jobs.js';
import { LocScaleControls } from './panel/controls.js';
import { SideBySide } from './sides/side-by-side.js';

const name = 'locscale';
const params = { connection: PD.Numeric(0, {}, { isHidden: true }) };

/** How to reach the daemons that pages of this program use; a token must not stand in Mol*'s state, which is saved with scenes. */
const connections: LinkOptions[] = [];

/** The behaviour that adds LocScale to a viewer: maps and jobs of a daemon, the panel, and dropping of map files. */
export const LocScale = PluginBehavior.create<PD.Values<typeof params>>({
  name,
  category: 'misc',
  display: { name: 'LocScale' },
  params: () => params,
  ctor: class extends PluginBehavior.Handler<PD.Values<typeof params>> {
    #bench: Workbench | undefined;
    #sides: SideBySide | undefined;
    #stops: (() => void)[] = [];

    register(): void {
      const options = connections[this.params.connection];
      if (options === undefined) throw new Error('The LocScale behaviour is added with locscale({ url, token }).');
      const { ctx } = this;
      const bench = new Workbench(ctx, options);
      this.#bench = bench;
      const sides = new SideBySide(bench);
      this.#sides = sides;
      setBelongings(ctx, { bench, sides });
      // Mol* makes panels without arguments, whatever their constructors declare.
      ctx.customStructureControls.set(name, LocScaleControls as unknown as new () => unknown);
      ctx.managers.dragAndDrop.addHandler(name, (files) => takeFiles(bench, files));
      this.#stops = [bench.problem.subscribe(() => toast(ctx, bench.problem.value)), followJobs(ctx, bench)];
    }

    unregister(): void {
      for (const stop of this.#stops) stop();
      this.ctx.managers.dragAndDrop.removeHandler(name);
      this.ctx.customStructureControls.delete(name);
      setBelongings(this.ctx, undefined);
      this.#sides?.dispose();
      this.#bench?.dispose();
    }
  },
});

/**
 * LocScale for the list of behaviours of a viewer: `spec.behaviors.push(locscale({ url, token }))`.
 * @param options address of the daemon and its token, as in the daemon's connection file
 */
export function locscale(options: LinkOptions): PluginSpec.Behavior {
  return PluginSpec.Behavior(LocScale, { connection: connections.push(options) - 1 });
}

/** Maps and models go to the daemon; a saved scene is left to Mol*. */
async function takeFiles(bench: Workbench, files: readonly File[]): Promise<boolean> {
  if (files.some(({ name }) => guessRole(name) === 'scene')) return false;
  await bench.attempt(() => bench.openFiles(files));
  return true;
}

function toast(plugin: PluginContext, problem: string | undefined): void {
  const key = 'locscale-problem';
  if (problem === undefined) {
    void PluginCommands.Toast.Hide(plugin, { key });
    return;
  }
  plugin.log.error(problem);
  // A string would be taken for HTML, and file names come from strangers.
  void PluginCommands.Toast.Show(plugin, { title: 'LocScale', message: () => problem, key, timeoutMs: 20_000 });
}
