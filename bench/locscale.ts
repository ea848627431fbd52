import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectionFileSchema } from '@chimerax-like/rpc';

const run = promisify(execFile);
const launcher = fileURLToPath(new URL('../../daemon/bin/locscale.js', import.meta.url));

/** A scratch folder, and the `locscale` command with a daemon and a state folder of its own. */
export interface Workplace {
  readonly folder: string;
  /** Runs the command in the folder; rejects with what it said when it fails. */
  readonly locscale: (...words: readonly string[]) => Promise<void>;
  /** Address and token of the daemon, which is started if it does not run. */
  readonly daemon: () => Promise<{ readonly url: string; readonly token: string }>;
}

/** Gives `work` a workplace and clears it away afterwards. */
export async function withWorkplace(work: (workplace: Workplace) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-bench-'));
  const options = { cwd: folder, env: { ...process.env, LOCSCALE_HOME: join(folder, 'home') } };
  const locscale = async (...words: readonly string[]): Promise<string> =>
    (await run(process.execPath, [launcher, ...words], options)).stdout;
  try {
    await work({
      folder,
      locscale: async (...words) => {
        await locscale(...words);
      },
      daemon: async () => {
        const { url, tokenFile } = connectionFileSchema.parse(JSON.parse(await locscale('daemon', 'start', '--json')));
        return { url, token: (await readFile(tokenFile, 'utf8')).trim() };
      },
    });
  } finally {
    await locscale('daemon', 'stop');
    await rm(folder, { recursive: true, force: true });
  }
}
