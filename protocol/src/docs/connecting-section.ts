import { connectionFileSchema, subprotocol, tokenSubprotocol } from '../connecting.js';
import { apiVersion } from '../methods/index.js';
import { memberTable, schemaOf, type SharedSchemas } from './schema-text.js';

export function connectingSection(shared: SharedSchemas): string {
  return `## Connecting

1. Read the connection file \`daemon.json\`. With \`$LOCSCALE_HOME\` set it lies there; otherwise in
   \`$XDG_RUNTIME_DIR/locscale\`; without that variable, in \`hosts/NAME-OF-THE-MACHINE\` in the state directory
   (\`$XDG_STATE_HOME/locscale\`, else \`~/.local/state/locscale\`). No file, or a \`pid\` that does not run on this
   \`host\`: there is no daemon; \`locscale daemon start\` starts one.
2. Read the token from \`tokenFile\`. It is new at every start of the daemon.
3. Open a WebSocket to \`/rpc\` below \`url\` (\`ws://127.0.0.1:PORT/rpc\`), with the token in the header
   \`Authorization: Bearer TOKEN\`. Browsers cannot set headers on a WebSocket: they offer the two subprotocols
   \`${subprotocol}\` and \`${tokenSubprotocol('TOKEN')}\`, and the daemon selects the first. The token is never read from
   the query, which ends up in logs and histories, nor from a first message. HTTP requests use the same header.
4. Call [\`session.hello\`](#sessionhello). Compare \`api\`, \`major.minor\` (this page: ${apiVersion}): another major version does
   not fit; a newer minor version has additions, so ignore members and notifications that you do not know.

The connection file is JSON:

${memberTable(schemaOf(connectionFileSchema, 'output', shared), 'output', shared)}

The daemon listens on the loopback address, and for other machines only when it was started with a certificate (\`remoteUrl\`): there over TLS, with
the same token, without methods and parameters that name files (\`access.path\`). Before anything else it checks \`Host\` (one of \`127.0.0.1\`, \`[::1]\` and \`localhost\`,
each with the port) and \`Origin\` (absent, the daemon's own page, or one the user has added), and answers 403 to others; without a
valid token it answers 401. A refused WebSocket gets the same JSON body as any other [HTTP error](#errors-over-http).`;
}
