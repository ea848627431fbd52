import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';

/** True where the processor draws: marching cubes and screen-space effects on such a rasteriser take several times as long as without. */
export function drawsInSoftware(plugin: PluginContext): boolean {
  const gl = plugin.canvas3d?.webgl.gl;
  if (gl === undefined) return true;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer: unknown = info === null ? '' : gl.getParameter(info.UNMASKED_RENDERER_WEBGL);
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(renderer));
}

/** Most voxels of a map that are drawn unasked: a surface of more takes seconds a frame, or minutes and gigabytes to make. */
export const mostVoxelsFluent = (plugin: PluginContext): number => (drawsInSoftware(plugin) ? 160 ** 3 : 320 ** 3);

/** Switches off what makes a frame last seconds in software: ambient occlusion, antialiasing, several samples. */
export function withoutEffects(plugin: PluginContext): void {
  plugin.canvas3d?.setProps({
    postprocessing: {
      occlusion: { name: 'off', params: {} },
      shadow: { name: 'off', params: {} },
      outline: { name: 'off', params: {} },
      antialiasing: { name: 'off', params: {} },
    },
    multiSample: { mode: 'off' },
  });
}
