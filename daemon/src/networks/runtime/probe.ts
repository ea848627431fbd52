import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { oneLine } from './one-line.js';
import { type Provider, providers } from './providers.js';

const program = fileURLToPath(new URL('./probe-program.js', import.meta.url));
const timeoutMs = 30_000;

/** Whether a provider computes here, and why not. */
export interface ProviderState {
  readonly provider: Provider;
  readonly works: boolean;
  /** Empty when it works. */
  readonly reason: string;
}

const answerSchema = z.object({ works: z.boolean(), reason: z.string() });

/** Tries every provider, each in a process of its own. */
export const probeProviders = (): Promise<readonly ProviderState[]> => Promise.all(providers.map(probe));

function probe(provider: Provider): Promise<ProviderState> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, provider], { timeout: timeoutMs }, (error, stdout, stderr) => {
      const line = stdout.split('\n').find((each) => each.startsWith('{')) ?? '';
      const answer = answerSchema.safeParse(parse(line));
      if (answer.success) resolve({ provider, works: answer.data.works, reason: plain(provider, answer.data.reason) });
      else resolve({ provider, works: false, reason: ending(error, stderr) });
    });
  });
}

/** What the runtime's messages mean, where they are known. */
function plain(provider: Provider, reason: string): string {
  if (/backend not found|not available in your platform|not supported/iu.test(reason))
    return 'not part of onnxruntime for this platform';
  if (/failed to load shared library|cannot open shared object/iu.test(reason))
    return `the ${provider} library of onnxruntime or a library that it needs is missing`;
  if (/adapter|vulkan|webgpu/iu.test(reason) && provider === 'webgpu') return 'no graphics adapter answers (Vulkan)';
  return oneLine(reason);
}

function ending(error: (Error & { readonly signal?: unknown }) | null, stderr: string): string {
  const missing = /Cannot find (?:module|package) 'onnxruntime-node'/u.test(stderr);
  if (missing) return 'onnxruntime-node is not installed; run `npm run setup`';
  const load = /(?:ERR_DLOPEN_FAILED|cannot open shared object)[^\n]*/u.exec(stderr)?.[0];
  if (load !== undefined) return oneLine(load);
  return typeof error?.signal === 'string' ? `trying it ended with signal ${error.signal}` : 'trying it gave no answer';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
