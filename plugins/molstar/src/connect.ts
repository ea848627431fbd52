import {
  LocScaleError,
  RpcClient,
  subprotocol,
  tokenSubprotocol,
  webSocketUrl,
  type CallOptions,
  type Transport,
} from '@chimerax-like/rpc';

/** Code of a connection that ended without a closing handshake (RFC 6455, section 7.1.5). */
const abnormalClosure = 1006;

/**
 * Connects a page to the daemon with the browser's own WebSocket. A page cannot set the Authorization header, so the token
 * travels as a subprotocol; a browser does not tell a page why a handshake failed, so the error names what it can be.
 * @param url `url` of the connection file, or the address that the daemon served the page from
 */
export function connect(url: string, token: string, options: CallOptions = {}): Promise<RpcClient> {
  const address = webSocketUrl(url);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, [subprotocol, tokenSubprotocol(token)]);
    socket.addEventListener('open', () => {
      resolve(new RpcClient(transportOver(socket), options));
    });
    // After `open` the promise is settled and this changes nothing.
    socket.addEventListener('close', () => {
      reject(
        new LocScaleError(
          'connection.refused',
          `The daemon at ${address} did not accept the page: it is not running, the token is old, or this page is not one of its own; open the page again from the daemon.`,
        ),
      );
    });
  });
}

/** For a socket that has just opened: the client sets both listeners before the first event can come. */
function transportOver(socket: WebSocket): Transport {
  return {
    send: (text) => {
      // A send after the end is answered by onClose, which rejects the call.
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    onMessage: (listener) => {
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        // 1003 is not for pages to send (only 1000 and 3000–4999 are): 4003 stands for it.
        if (typeof data === 'string') listener(data);
        else socket.close(4003, 'text frames only');
      });
    },
    onClose: (listener) => {
      socket.addEventListener('close', ({ code, reason }) => {
        listener({ code, reason: code === abnormalClosure ? 'the connection broke' : reason });
      });
    },
    close: () => {
      socket.close(1000);
    },
  };
}
