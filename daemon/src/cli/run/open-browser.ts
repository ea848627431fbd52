import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Time within which a starter that fails says so, ms; one that still runs then has a browser to look after. */
const settledMs = 3000;

/**
 * Opens a file in the user's browser. False where there is none to open: no screen, no starter, or a starter that failed.
 */
export async function openBrowser(
  file: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<boolean> {
  const [program, ...args] = starter();
  const needsScreen = process.platform !== 'darwin' && process.platform !== 'win32';
  if (needsScreen && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore', env: { ...env } });
  const outcome = Promise.race([
    once(child, 'exit').then(([code]) => code === 0),
    once(child, 'error').then(() => false),
    new Promise<boolean>((resolve) => setTimeout(resolve, settledMs, true).unref()),
  ]);
  child.unref();
  return outcome.catch(() => false);
}

function starter(): readonly [program: string, ...args: string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    default:
      return ['xdg-open'];
  }
}
