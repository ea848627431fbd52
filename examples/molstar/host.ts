import { locscale } from '@locscale/molstar';
import { createPluginUI } from 'molstar/lib/mol-plugin-ui/index.js';
import { renderReact18 } from 'molstar/lib/mol-plugin-ui/react18.js';
import { DefaultPluginUISpec } from 'molstar/lib/mol-plugin-ui/spec.js';

// Address and token are in the daemon's connection file; its options must name this page's origin as one that may call it.
const url = 'http://127.0.0.1:8790';
const spec = DefaultPluginUISpec();
spec.behaviors.push(locscale({ url, token: () => prompt('Token of the LocScale daemon') ?? '' }));
const target = document.getElementById('viewer');
if (target !== null) await createPluginUI({ target, spec, render: renderReact18 });
