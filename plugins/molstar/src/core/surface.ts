import { Mat4, Vec3 } from 'molstar/lib/mol-math/linear-algebra.js';
import type { Volume } from 'molstar/lib/mol-model/volume.js';
import { createVolumeRepresentationParams } from 'molstar/lib/mol-plugin-state/helpers/volume-representation-params.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { Color } from 'molstar/lib/mol-util/color/index.js';
import { ParamDefinition as PD } from 'molstar/lib/mol-util/param-definition.js';
import { type Level, toIsoValue } from './contour.js';
import { drawsInSoftware } from './gpu.js';
import { evenColours, type Scale } from './scale-colours.js';

export type Colouring =
  | { readonly kind: 'plain'; readonly colour: string }
  /** By the values that another map of the scene has at the surface. */
  | { readonly kind: 'by'; readonly slot: string; readonly scale: Scale };

/** How a map is drawn. */
export interface Look {
  readonly level: Level;
  readonly visible: boolean;
  /** 0 to 1. */
  readonly opacity: number;
  readonly colouring: Colouring;
}

/** Parameters of Mol*'s surface node, as far as they are ours. */
export interface SurfaceParams {
  readonly type: {
    readonly name: string;
    readonly params: { readonly isoValue: Volume.IsoValue; readonly alpha: number };
  };
  readonly colorTheme: { readonly name: string; readonly params: Readonly<Record<string, unknown>> };
  readonly sizeTheme: unknown;
}

/** A box in Å, along the axes. */
export interface Box {
  readonly centre: readonly [number, number, number];
  readonly edges: readonly [number, number, number];
}

export const mapRef = (slot: string): string => `locscale:map:${slot}`;
export const surfaceRef = (slot: string): string => `locscale:surface:${slot}`;

/** Where a colour map has no value (outside its box, or not computed). */
const noValue = Color(0xb4b4b4);

const toColor = (hex: string): Color => Color.fromHexStyle(hex);

/**
 * Full parameters of a surface. Colour by another map is looked up on the CPU, which on a GPU surface means reading it back.
 * `without`: a box that is left out.
 */
export function surfaceParams(plugin: PluginContext, volume: Volume, look: Look, without?: Box): SurfaceParams {
  const { level, opacity, colouring } = look;
  const typeParams = {
    isoValue: toIsoValue(level),
    alpha: opacity,
    wrap: 'off' as const,
    tryUseGpu: colouring.kind === 'plain' && !drawsInSoftware(plugin),
    // Bytes would put a map with outliers into a few of 256 steps.
    gpuDataType: 'float' as const,
    // One marker for the map instead of one byte for each voxel.
    instanceGranularity: true,
    // Always one object, of no extent where nothing is left out: their number is compiled into the shader.
    clip: { variant: 'pixel' as const, objects: [clipBox(without ?? nowhere)] },
  };
  const theme =
    colouring.kind === 'plain'
      ? { color: 'uniform' as const, colorParams: { value: toColor(colouring.colour) } }
      : { color: 'external-volume' as const, colorParams: externalVolume(colouring) };
  const params: unknown = createVolumeRepresentationParams(plugin, volume, {
    type: 'isosurface',
    typeParams,
    ...theme,
  });
  return params as SurfaceParams;
}

/** So far away that no map reaches it. */
const nowhere: Box = { centre: [1e9, 1e9, 1e9], edges: [0, 0, 0] };

/** A box as Mol* clips by it: what lies inside is not drawn. */
const clipBox = ({ centre, edges }: Box) => ({
  type: 'cube' as const,
  invert: false,
  position: Vec3.create(...centre),
  rotation: { axis: Vec3.create(1, 0, 0), angle: 0 },
  scale: Vec3.create(...edges),
  transform: Mat4.identity(),
});

function externalVolume({ slot, scale }: Colouring & { readonly kind: 'by' }) {
  return {
    // A plain { ref } would not be recorded as a dependency.
    volume: PD.Ref<Volume>(mapRef(slot)),
    coloring: {
      name: 'absolute-value' as const,
      params: {
        domain: { name: 'custom' as const, params: [...scale.range] as [number, number] },
        list: { kind: 'interpolate' as const, colors: evenColours(scale) },
      },
    },
    defaultColor: noValue,
    normalOffset: 0,
    usePalette: true,
  };
}

/** The same colouring with a new reference object: Mol* compares parameters by content and would not paint again. */
export function repainted(params: SurfaceParams): SurfaceParams {
  const { colorTheme } = params;
  const volume = colorTheme.params['volume'] as { readonly ref: string };
  return { ...params, colorTheme: { ...colorTheme, params: { ...colorTheme.params, volume: PD.Ref(volume.ref) } } };
}
