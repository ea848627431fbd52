import type { ReactElement } from 'react';
import type { LinkState, Transfer } from '../core/index.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** Whether the daemon is there, what is being sent, and what went wrong. */
export function Status(): ReactElement {
  const bench = useWorkbench();
  const state = useSignal(bench.link.state);
  const problem = useSignal(bench.problem);
  const transfer = useSignal(bench.transfer);
  return (
    <>
      {state.kind !== 'online' && (
        <div className="locscale-note" role="status" data-name="link">
          {linkText(state)}
        </div>
      )}
      {state.kind === 'online' && !state.hello.engine.available && (
        <div className="locscale-note" role="status">
          Jobs cannot run: {state.hello.engine.reason}
        </div>
      )}
      {transfer !== undefined && (
        <div className="locscale-note" role="status" data-name="transfer">
          {verbs[transfer.kind]} {transfer.name} … {Math.round((100 * transfer.done) / Math.max(1, transfer.total))} %
          <button type="button" className="msp-btn msp-btn-link" onClick={transfer.stop}>
            Stop
          </button>
        </div>
      )}
      {problem !== undefined && (
        <div className="locscale-note locscale-problem" role="alert" data-name="problem">
          {problem}
          <button
            type="button"
            className="msp-btn msp-btn-link"
            aria-label="Dismiss"
            onClick={() => (bench.problem.value = undefined)}
          >
            OK
          </button>
        </div>
      )}
    </>
  );
}

const verbs: Readonly<Record<Transfer['kind'], string>> = { sending: 'Sending', fetching: 'Fetching' };

function linkText(state: Exclude<LinkState, { readonly kind: 'online' }>): string {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting to the daemon …';
    case 'offline':
      return `${state.reason} Tried again by itself; what is on the screen stays.`;
    case 'refused':
      return state.reason;
  }
}
