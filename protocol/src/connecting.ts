import { z } from 'zod';

/** What the daemon writes to `daemon.json` when it listens; clients read it to find the daemon. */
export const connectionFileSchema = z.object({
  url: z.string().meta({ description: 'Base address, `http://127.0.0.1:PORT`; the WebSocket is at `/rpc` below it.' }),
  remoteUrl: z
    .string()
    .optional()
    .meta({ description: 'Base address for other machines, `https://NAME:PORT`, when the daemon listens for them.' }),
  host: z.string().meta({ description: 'Name of the machine the daemon runs on; a home directory may be shared.' }),
  pid: z.int().positive().meta({ description: 'Process id of the daemon.' }),
  startTime: z.string().meta({ description: 'Start of the daemon, ISO 8601, UTC.' }),
  tokenFile: z.string().meta({ description: 'Absolute path of the file (mode 0600) that holds the token.' }),
  version: z.string().meta({ description: 'Version of the daemon.' }),
  api: z.string().meta({ description: 'Version of the API, `major.minor`.' }),
});
export type ConnectionFile = z.infer<typeof connectionFileSchema>;

/** The subprotocol that browsers name first; the daemon selects it, so that it never sends the token back. */
export const subprotocol = 'locscale.v1';
const tokenPrefix = 'locscale.token.';

/** The `Sec-WebSocket-Protocol` entry that carries the token, for browsers, which cannot set a header. */
export const tokenSubprotocol = (token: string): string => `${tokenPrefix}${token}`;

/** The token among the offered subprotocols, if any. */
export function tokenFromSubprotocols(offered: Iterable<string>): string | undefined {
  for (const entry of offered) if (entry.startsWith(tokenPrefix)) return entry.slice(tokenPrefix.length);
  return undefined;
}

/** The subprotocol to answer with: browsers end a connection whose offer was not answered. */
export function selectSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(subprotocol)) return subprotocol;
  for (const entry of offered) if (entry.startsWith(tokenPrefix)) return entry;
  return false;
}

/** Address of the WebSocket below a daemon's base address (`http:` or `ws:`, with or without `/rpc`). */
export function webSocketUrl(url: string): string {
  const base = url.replace(/^http(s?):/, 'ws$1:').replace(/\/+$/, '');
  return base.endsWith('/rpc') ? base : `${base}/rpc`;
}
