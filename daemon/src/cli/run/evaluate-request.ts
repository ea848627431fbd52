import type { Launch } from '../../cluster/launch.js';
import type { SharpenRequest } from '../options/request.js';
import { progressView, silentProgress } from '../output/progress.js';
import type { Terminal } from '../terminal.js';
import { connectOrStart } from './connect.js';
import { runInProcess } from './in-process.js';
import type { RunOutcome } from './outcome.js';
import { runWithRanks } from './ranks.js';
import { runThroughDaemon } from './through-daemon.js';

/** Evaluates a recipe by the route that is asked for: daemon, this process, or several ranks; notes and progress go to the terminal. */
export async function evaluateRequest(
  request: SharpenRequest,
  launch: Launch | null,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunOutcome> {
  if (!request.json) for (const note of request.notes) terminal.note(`Note: ${note}`);
  const view = request.json ? silentProgress : progressView(terminal);
  try {
    if (launch !== null) return await runWithRanks(launch, request, view, signal, terminal.note);
    if (request.route !== 'daemon') return await runInProcess(request, view, signal, terminal.note);
    const session = await connectOrStart();
    if (request.verbose && !request.json) terminal.note(`Daemon ${session.hello.version} at ${session.connection.url}`);
    try {
      return await runThroughDaemon(session.client, request, view, signal);
    } finally {
      session.client.close();
    }
  } finally {
    view.end();
  }
}
