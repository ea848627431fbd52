import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';

/** Why the addon does not load. */
export type LoadFailure = 'not-built' | 'wrong-platform' | 'missing-library' | 'old-libraries' | 'other';

/** The addon is missing or does not load: one sentence with the cause and the fix. */
export class LoadError extends Error {
  readonly kind = 'engine.missing';
  readonly reason: LoadFailure;

  constructor(reason: LoadFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LoadError';
    this.reason = reason;
  }
}

/** Where the build puts the addon. */
export const addonPath = fileURLToPath(new URL('../build/Release/locscale_native.node', import.meta.url));

const packageOfLibrary: readonly (readonly [RegExp, string])[] = [
  [/libfftw3/i, 'libfftw3-dev (Debian, Ubuntu), fftw-devel (Fedora), fftw (Arch, Homebrew)'],
  [/libhwy/i, 'libhwy-dev (Debian, Ubuntu), highway-devel (Fedora), highway (Arch, Homebrew)'],
];

/** Recognises the causes that occur in practice from the text of the dynamic loader (glibc, musl, macOS). */
export function explainLoadFailure(path: string, built: boolean, loaderText: string): LoadError {
  const options = { cause: new Error(loaderText) };
  if (!built) {
    return new LoadError('not-built', `The native addon ${path} does not exist; run \`npm run setup\` to build it.`);
  }
  const library =
    /(\S+?\.so[.\d]*): cannot open shared object file/.exec(loaderText)?.[1] ??
    /Error loading shared library (\S+?):/.exec(loaderText)?.[1] ??
    /Library not loaded: (\S+)/.exec(loaderText)?.[1];
  if (library !== undefined && !library.endsWith('.node')) {
    const name = packageOfLibrary.find(([pattern]) => pattern.test(library))?.[1];
    const fix = name === undefined ? 'install the package that holds it' : `install ${name}`;
    return new LoadError(
      'missing-library',
      `The native addon needs the shared library ${library}, which is not on this machine; ${fix}, or run \`npm run setup\`.`,
      options,
    );
  }
  const version = /version [`']([^'`]+)' not found/.exec(loaderText)?.[1];
  if (version !== undefined) {
    return new LoadError(
      'old-libraries',
      `The native addon was built on a newer system (it asks for ${version}); run \`npm run setup\` on this machine to build it here.`,
      options,
    );
  }
  if (
    /invalid ELF header|wrong ELF class|incompatible architecture|not a mach-o|file too short|slice is not valid|NODE_MODULE_VERSION/i.test(
      loaderText,
    )
  ) {
    return new LoadError(
      'wrong-platform',
      `The native addon ${path} was built for another processor, system or Node, or is damaged; run \`npm run setup\` to build it again.`,
      options,
    );
  }
  return new LoadError(
    'other',
    `The native addon ${path} does not load (${loaderText}); run \`npm run setup\` to build it again.`,
    options,
  );
}

/** The exports of the addon; one file of the face per kernel family narrows what it calls. */
export type Addon = Readonly<Record<string, unknown>>;

let loaded: Addon | undefined;

/** Loads the addon on the first call, so that importing this package never fails. Throws LoadError. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- T names the exports that the caller uses; a compiled addon brings no types
export function addon<T>(): T {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)(addonPath) as Addon;
    } catch (error) {
      throw explainLoadFailure(
        addonPath,
        existsSync(addonPath),
        error instanceof Error ? error.message : String(error),
      );
    }
  }
  return loaded as T;
}
