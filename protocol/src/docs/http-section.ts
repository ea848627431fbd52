import {
  downloadSchema,
  gridHeaders,
  httpErrorSchema,
  modelDownloadType,
  modelUploadSchema,
  modelUploadTypes,
  mrcUploadSchema,
  rawUploadSchema,
  uploadTypes,
} from '../http.js';
import { defaultLimits } from '../limits.js';
import { bytes, code } from './markdown.js';
import { memberTable, schemaOf, type SharedSchemas } from './schema-text.js';

export function httpSection(shared: SharedSchemas): string {
  return `## Voxels and models over HTTP

Voxels and coordinates never travel in JSON. All routes are on the daemon's own port, below \`url\`, and want \`Authorization: Bearer TOKEN\`.
Raw voxels are little-endian float32 in C order (z, y, x): x runs fastest, voxel (z, y, x) is number (z·ny + y)·nx + x.

### PUT /volumes

\`PUT /volumes?name=&shape=nz,ny,nx&voxelSize=x,y,z&origin=x,y,z\` with \`Content-Type: ${uploadTypes.raw}\`: the body is the raw
voxels, exactly 4·nz·ny·nx bytes. It is what a request without \`Content-Type\` means.

${memberTable(schemaOf(rawUploadSchema, 'input', shared), 'input', shared)}

\`PUT /volumes?name=\` with \`Content-Type: ${uploadTypes.mrc}\`: the body is a whole MRC/CCP4 file, plain or compressed by gzip or
bzip2. The grid stands in its header; grid parameters in the query are refused.

${memberTable(schemaOf(mrcUploadSchema, 'input', shared), 'input', shared)}

Answer: 201 with the [Volume](#volume) as JSON; its \`id\` is what recipes take as input. At most ${bytes(defaultLimits.uploadBytes)} of
voxels. Raw voxels of another length than the shape needs, and a file shorter than its header says, are refused and leave nothing behind.

### GET /volumes/ID

${memberTable(schemaOf(downloadSchema, 'input', shared), 'input', shared)}

Answer: 200 with the voxels. Ranges of \`region\` count from 0, leave out their end and must lie inside the volume; \`step=n\` leaves
⌈length / n⌉ voxels along each axis. Three headers tell the grid of what is sent: \`${gridHeaders.shape}\` (nz,ny,nx),
\`${gridHeaders.voxelSize}\` (x,y,z in Å, n times that of the volume) and \`${gridHeaders.origin}\` (x,y,z in Å, of the first voxel
sent). The \`Range\` header is honoured (206, or 416 outside the body), so that a broken download can go on where it stopped; \`HEAD\`
answers with the headers alone. In the output of a job that still runs, only the sections that \`job.slab\` has named are final.

### PUT /models

\`PUT /models?name=\`: the body is a whole PDB or mmCIF file, plain or compressed by gzip or bzip2; which of the two it is, is told by the
content. \`Content-Type\` is ${modelUploadTypes.map(code).join(', ')} or left out.

${memberTable(schemaOf(modelUploadSchema, 'input', shared), 'input', shared)}

Answer: 201 with the [Model](#model) as JSON, once it has been read and its atoms have been checked. At most ${bytes(defaultLimits.modelBytes)},
also unpacked. What is refused leaves nothing behind.

### GET /models/ID

Answer: 200 with the model as mmCIF, \`Content-Type: ${modelDownloadType}\`, as it is used for calculations: the first model of the file with all
its alternate conformations, without anisotropic tensors. \`Range\` and \`HEAD\` work as for volumes; there are no parameters.

### GET /jobs/ID/report

Answer: 200 with the report that the job has written beside its map, as HTML; there is one only of a job with \`report\` and an output path.

### /view/

The web page of the daemon: its files, without a token. \`viewer.page\` gives an address \`/view/#code=…\` that works once. The page exchanges
the code, \`POST /view/session\` with the JSON \`{"code": "…"}\`, for \`{"key": "…"}\` and a cookie (HttpOnly, SameSite=Strict), which open
the daemon only together: the key in place of the token, as \`Authorization: Bearer KEY\` and as a subprotocol of the WebSocket. After a reload, or
when the daemon was started again, \`GET /view/session?nonce=HEX\` answers \`{"proof": "…"}\`, HMAC-SHA-256 of the nonce under the hexadecimal
SHA-256 of the key, so that a page can tell the daemon from a program that took its port before it sends its key; 401 when the page is not known
any more. \`openPageSession\` of \`@chimerax-like/rpc\` does all of it.

### GET /healthz

Answers 200 and \`{"status":"alive"}\`, without a token, and tells nothing more.

### Errors over HTTP

The body is JSON; \`code\` and \`kind\` are those of the [table of errors](#errors), which also gives the status.

${memberTable(schemaOf(httpErrorSchema, 'output', shared), 'output', shared)}

### Example

\`\`\`sh
url=http://127.0.0.1:PORT      # url of daemon.json
auth="Authorization: Bearer $(cat TOKENFILE)"
curl -sS -T half1.mrc.gz -H "$auth" -H 'Content-Type: ${uploadTypes.mrc}' "$url/volumes?name=half1"
curl -sS -T model.pdb -H "$auth" "$url/models?name=model.pdb"
curl -sS -H "$auth" -o sharpened.mrc "$url/volumes/vol-0123456789abcdef?format=mrc"
\`\`\``;
}
