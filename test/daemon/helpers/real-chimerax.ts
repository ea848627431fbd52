import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { scratchFolder } from './daemon.js';

/** Executable of ChimeraX, where the tests are told of one. */
export const chimeraxProgram = process.env['CHIMERAX'];

/** Without the bundles and settings of whoever runs the tests. */
async function withoutBundles(): Promise<NodeJS.ProcessEnv> {
  const home = await scratchFolder();
  return { ...process.env, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
}

/** Starts ChimeraX without a window and its REST server, and returns the server's address. */
export async function startChimeraX(program: string, environment?: NodeJS.ProcessEnv): Promise<string> {
  const commands = 'remotecontrol rest start json true log true';
  // It ends with its input, so that is kept open.
  const child = spawn(program, ['--nogui', '--offscreen', '--cmd', commands], {
    env: environment ?? (await withoutBundles()),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  return new Promise((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      text += piece.toString();
      const port = /REST server (?:started|is listening) on host \S+ port (\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ChimeraX ended with ${code}: ${text.slice(-500)}`)));
  });
}
