import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failed, ok, type Check } from './check.js';

const probe = fileURLToPath(new URL('./addon-probe.js', import.meta.url));
const probeTimeoutMs = 20_000;

/**
 * Loads the native addon in a process of its own: an addon for another processor can end the process that loads it, and
 * then this one is still there to say so.
 */
export function checkAddon(): Promise<Check> {
  return new Promise((resolve) => {
    execFile(process.execPath, [probe], { timeout: probeTimeoutMs }, (error, stdout) => {
      const answer = parse(stdout);
      if (answer !== null) resolve(answer.ok ? ok('Native addon', answer.text) : failed('Native addon', answer.text));
      else
        resolve(
          failed('Native addon', `Loading it ended with ${ending(error)}; run \`npm run setup\` to build it again.`),
        );
    });
  });
}

function parse(text: string): { readonly ok: boolean; readonly text: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('ok' in value) || !('text' in value)) return null;
    return { ok: value.ok === true, text: String(value.text) };
  } catch {
    return null;
  }
}

function ending(error: (Error & { signal?: unknown; code?: unknown }) | null): string {
  if (error === null) return 'no answer';
  return typeof error.signal === 'string' ? `signal ${error.signal}` : `exit code ${String(error.code)}`;
}
