import { type Draft, emptyDraft } from './draft.js';

const key = 'locscale.draft';

/** What was chosen in this tab before the page was loaded again; kept by the browser until the tab is closed. */
export function keptDraft(): Draft {
  try {
    const text = globalThis.sessionStorage.getItem(key);
    return text === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    // No storage here (Node, a sandboxed frame), or something else wrote there: nothing was chosen.
    return emptyDraft;
  }
}

export function keepDraft(draft: Draft): void {
  try {
    globalThis.sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Without storage a reload begins anew, which is all.
  }
}
