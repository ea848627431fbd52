import { LocScaleError, type SceneMap, sceneMapSchema, type VolumeId } from '@chimerax-like/rpc';

/** From where a scene is looked at, in Å. */
export interface SavedView {
  readonly position: readonly number[];
  readonly target: readonly number[];
  readonly up: readonly number[];
  readonly radius: number;
}

/** A scene as a file or a link holds it: which volumes of the daemon are shown and how; never their voxels. */
export interface SavedScene {
  readonly locscaleScene: 1;
  readonly maps: readonly SceneMap[];
  /** Names and files of the volumes in it, for a daemon that has given them other ids since. */
  readonly volumes: Readonly<Record<VolumeId, { readonly name: string; readonly path: string | null }>>;
  /** The pair whose mean stands for the first of them. */
  readonly halfMaps: readonly [VolumeId, VolumeId] | null;
  readonly view: SavedView | null;
}

/** Ending of the names of files that hold a scene. */
export const sceneEnding = '.locscale-scene.json';

/** Reads a saved scene; what is none is refused in one sentence. */
export function readScene(text: string): SavedScene {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  const given = (typeof found === 'object' ? found : null) as Partial<SavedScene> | null;
  const maps = sceneMapSchema.array().safeParse(given?.maps);
  if (given?.locscaleScene !== 1 || !maps.success || typeof given.volumes !== 'object')
    throw new LocScaleError(
      'input.format',
      `The scene cannot be read (it is ${text.length} characters long, and a scene that LocScale saved was expected); save it again from the panel.`,
    );
  return {
    locscaleScene: 1,
    maps: maps.data,
    volumes: given.volumes,
    halfMaps: given.halfMaps ?? null,
    view: given.view ?? null,
  };
}

/** A scene as part of an address: packed, in letters that need no escapes. It stands behind `#`, so browsers send it to nobody. */
export async function packScene(scene: SavedScene): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(scene)), new CompressionStream('deflate-raw'));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

export async function unpackScene(text: string): Promise<SavedScene> {
  let unpacked = '';
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    unpacked = new TextDecoder().decode(await through(packed, new DecompressionStream('deflate-raw')));
  } catch {
    // Cut short by whoever passed it on: said below.
  }
  return readScene(unpacked);
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());
}
