import { openPageSession } from '@chimerax-like/rpc';
import { createPluginUI } from 'molstar/lib/mol-plugin-ui/index.js';
import type { PluginUIContext } from 'molstar/lib/mol-plugin-ui/context.js';
import { renderReact18 } from 'molstar/lib/mol-plugin-ui/react18.js';
import { sidesOf, workbenchOf } from '../bench-of.js';
import {
  drawsInSoftware,
  openScene,
  sentence,
  unpackScene,
  when,
  withoutEffects,
  type Workbench,
} from '../core/index.js';
import type { SideBySide } from '../sides/side-by-side.js';
import { pageSpec } from './spec.js';

declare global {
  interface Window {
    /** The viewer, its workbench and its panes, for scripts in the browser's console and for tests. */
    locscaleViewer?: { readonly plugin: PluginUIContext; readonly bench: Workbench; readonly sides: SideBySide };
  }
}

/** Says in the page itself why it cannot work; there is nothing else yet that could say it. */
function say(text: string): void {
  const place = document.getElementById('message');
  if (place === null) return;
  place.textContent = text;
  place.hidden = false;
}

function hasWebGl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** Opens the scene, or the volumes and models (`viewer.page`), that the address names, once; the address stays that of the page. */
async function openLinked(bench: Workbench): Promise<void> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const [packed, ids] = [fragment.get('scene'), fragment.get('open')];
  if (packed === null && ids === null) return;
  history.replaceState(null, '', location.pathname);
  if (ids !== null) await bench.attempt(() => bench.take(ids.split(',')));
  if (packed === null) return;
  // Before that the daemon's answer to the first question could undo it.
  await when(bench.mirror.viewers, (viewers) => viewers.length > 0);
  await bench.attempt(async () => openScene(bench, await unpackScene(packed)));
}

async function start(): Promise<void> {
  const target = document.getElementById('viewer');
  if (target === null) throw new Error('The page is not whole; load it again.');
  if (!hasWebGl2()) {
    say(
      'This browser has no WebGL 2, which drawing surfaces needs: switch hardware acceleration on in its settings, or use another browser.',
    );
    return;
  }
  const token = (): Promise<string> =>
    openPageSession({ location, history, localStorage, fetch: (url, init) => fetch(url, init) });
  // Asked for once before there is a viewer: a page that is not let in says so and shows nothing else.
  await token();
  const spec = pageSpec({ url: location.origin, token, client: 'page' });
  const plugin = await createPluginUI({ target, spec, render: renderReact18 });
  if (plugin.canvas3d === undefined) {
    say('The browser could not start WebGL 2: close other pages that draw in 3D, or restart the browser.');
    return;
  }
  if (drawsInSoftware(plugin)) withoutEffects(plugin);
  const bench = workbenchOf(plugin);
  void openLinked(bench);
  window.addEventListener('hashchange', () => void openLinked(bench));
  window.locscaleViewer = { plugin, bench, sides: sidesOf(plugin) };
}

start().catch((error: unknown) => say(sentence(error)));
