/** How a process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The supervisor killed it because it had gone silent. */
  readonly hung: boolean;
}

/** One sentence for the user: what happened, in which step, what to do. */
export function crashSentence(death: Death & { readonly outOfMemory: boolean; readonly lastStep: string }): string {
  const [what, advice] = describe(death);
  return `The engine ${what} during the step ${death.lastStep}; ${advice}.`;
}

function describe({ code, signal, hung, outOfMemory }: Death & { readonly outOfMemory: boolean }): [string, string] {
  if (hung) return ['stopped answering and was ended', 'submit the job again, and report it if it happens twice'];
  if (outOfMemory)
    return [
      'was killed by the system for lack of memory',
      'close other programs, or crop or bin the maps, and submit the job again',
    ];
  switch (signal) {
    case 'SIGKILL':
      return [
        'was killed (SIGKILL)',
        'if nobody did so by hand the system was short of memory: close other programs, or crop or bin the maps',
      ];
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGABRT':
    case 'SIGILL':
    case 'SIGFPE':
      return [`crashed (${signal})`, 'this is a defect: please report it with the log of the job'];
    case null:
      return [`ended without an answer (exit status ${code ?? 'unknown'})`, 'please report it with the log of the job'];
    default:
      return [`was ended by a signal (${signal})`, 'submit the job again'];
  }
}
