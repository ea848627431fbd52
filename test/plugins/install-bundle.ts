import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const bundleFolder = join(root, 'plugins', 'chimerax');

/** A ChimeraX with home and daemon in a folder of the test. */
export function chimeraxEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: join(folder, 'home'),
    LOCSCALE_HOME: join(folder, 'state'),
    LOCSCALE_PROGRAM: join(root, 'daemon', 'bin', 'locscale.js'),
    XDG_RUNTIME_DIR: '',
    // Where ChimeraX runs on a Python of the system, that one lets nobody install anything, not even into a home.
    PIP_BREAK_SYSTEM_PACKAGES: '1',
    // Root gets no sandbox for the pages in ChimeraX's windows, and ChimeraX ends without one.
    ...(process.getuid?.() === 0 && { QTWEBENGINE_DISABLE_SANDBOX: '1' }),
  };
}

/** Runs ChimeraX to its end in that folder; returns what it printed. */
export async function runChimerax(
  folder: string,
  limitMs: number,
  command: string,
  ...words: readonly string[]
): Promise<string> {
  const child = spawn(command, words, {
    cwd: folder,
    env: chimeraxEnvironment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await once(child, 'close');
  return printed;
}

/** Installs the bundle, as a user does, for the ChimeraX of that folder. */
export async function installBundle(folder: string, program: string): Promise<void> {
  await cp(bundleFolder, join(folder, 'bundle'), { recursive: true });
  const install = `devel install "${join(folder, 'bundle')}" noDeps true exit true`;
  const printed = await runChimerax(folder, 300_000, program, '--nogui', '--exit', '--safemode', '--cmd', install);
  if (!printed.includes('Installed ChimeraX-LocScale')) throw new Error(printed);
}
