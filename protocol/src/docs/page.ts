import { connectingSection } from './connecting-section.js';
import { exampleSection } from './example-section.js';
import { httpSection } from './http-section.js';
import { anchor } from './markdown.js';
import { messagesSection } from './messages-section.js';
import { methodsSection, notificationsSection } from './methods-section.js';
import { recipesSection } from './recipes-section.js';
import type { SharedSchemas } from './schema-text.js';
import { errorsSection, typesSection } from './types-section.js';

const head = `# Protocol

<!-- Made by \`npm run generate -w protocol\` from the descriptors in protocol/src; do not edit by hand. -->

How a program talks to the LocScale daemon: control by JSON-RPC 2.0 over a WebSocket, voxels and models by HTTP on the same port. The same
descriptors make the validator of the daemon, the types of the TypeScript client (\`@chimerax-like/rpc\`), the OpenRPC document
(\`protocol/openrpc.json\`, also the answer of \`rpc.discover\`) and this page.

Axis order: \`shape\`, regions and voxels are (z, y, x); everything in Å (voxel size, origin) is (x, y, z).`;

/** The whole of docs/protocol.md. */
export function protocolPage(): string {
  const shared: SharedSchemas = {};
  const sections = [
    connectingSection(shared),
    exampleSection(),
    messagesSection(),
    methodsSection(shared),
    notificationsSection(shared),
    recipesSection(shared),
    httpSection(shared),
    errorsSection(shared),
  ];
  sections.splice(-1, 0, typesSection(shared));
  const contents = sections.map((section) => section.slice(3, section.indexOf('\n')));
  return `${[head, contents.map((title) => `- [${title}](#${anchor(title)})`).join('\n'), ...sections].join('\n\n')}\n`;
}
