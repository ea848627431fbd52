import { LocScaleError } from '@chimerax-like/rpc';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The address of a ChimeraX REST server, on this machine unless another was asked for. */
export function restAddress(text: string, anyHost: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!plain || url.protocol !== 'http:')
    throw new LocScaleError(
      'input.parameter',
      `The address ${JSON.stringify(text)} is none of a REST server, expected http://127.0.0.1:PORT; ask ChimeraX: remotecontrol rest port`,
    );
  if (!anyHost && !loopback.has(url.hostname))
    throw new LocScaleError(
      'input.parameter',
      `The address ${text} is on another machine; ChimeraX’s REST server obeys everybody who reaches it, so give anyHost if that is meant, or use an SSH tunnel.`,
    );
  return url;
}
