import type { MethodName, NotificationName, NotificationParams, ParamsInput, Result } from '../typed.js';

/** A short session. The values are typed by the descriptors, so the example cannot drift from them unnoticed. */
export function exampleSection(): string {
  const id = 'job-00c0ffee00c0ffee';
  const inputs = {
    halfMaps: ['vol-0000000000000001', 'vol-0000000000000002'],
    reference: 'vol-0000000000000003',
    mask: 'vol-0000000000000004',
  };
  const submitted: Result<'job.submit'> = {
    id,
    recipe: 'reference-map',
    state: 'queued',
    submittedAt: '2026-01-01T12:00:00.000Z',
    startedAt: null,
    endedAt: null,
    progress: null,
    outputs: {},
    models: {},
    files: [],
    network: null,
    timings: {},
    warnings: [],
    error: null,
  };
  const lines = [
    call(1, 'session.hello', { client: 'my-script 1.0', api: '1.0' }),
    '<-- {"jsonrpc":"2.0","id":1,"result":{"name":"locscale","api":"1.0",…}}',
    call(2, 'job.submit', { recipe: 'reference-map', inputs, parameters: { windowSize: 26 } }),
    `<-- ${JSON.stringify({ jsonrpc: '2.0', id: 2, result: submitted })}`,
    notify('job.progress', {
      job: id,
      progress: { step: 'scaleWindows', fraction: 0.4, message: 'scaling', elapsedSeconds: 2, remainingSeconds: 3 },
    }),
    notify('job.changed', {
      sequence: 3,
      job: {
        ...submitted,
        state: 'done',
        startedAt: '2026-01-01T12:00:01.000Z',
        endedAt: '2026-01-01T12:00:06.000Z',
        outputs: { sharpened: 'vol-0000000000000005' },
      },
    }).replace(',"models":{},"files":[],"network":null,"timings":{},"warnings":[],"error":null', ',…'),
  ];
  return `## A session

\`-->\` is sent by the client, \`<--\` by the daemon; \`…\` stands for members left out here. The inputs were uploaded before, and the
result is fetched after, by [HTTP](#voxels-and-models-over-http).

\`\`\`text
${lines.join('\n')}
\`\`\``;
}

function call<N extends MethodName>(id: number, method: N, params: ParamsInput<N>): string {
  return `--> ${JSON.stringify({ jsonrpc: '2.0', id, method, params })}`;
}

function notify<N extends NotificationName>(method: N, params: NotificationParams<N>): string {
  return `<-- ${JSON.stringify({ jsonrpc: '2.0', method, params })}`;
}
