import { LocScaleError } from '@chimerax-like/rpc';
import type { ModelFormat } from '@locscale/native';

/** How much of a file is looked at. */
const headBytes = 65_536;

/** Records that PDB files have near their beginning. */
const pdbRecord =
  /^(HEADER|OBSLTE|TITLE |SPLIT |CAVEAT|COMPND|SOURCE|KEYWDS|EXPDTA|NUMMDL|MDLTYP|AUTHOR|REVDAT|SPRSDE|JRNL  |REMARK|USER  |DBREF|SEQADV|SEQRES|MODRES|HET   |HELIX |SHEET |SSBOND|LINK  |CISPEP|CRYST1|ORIGX|SCALE|MTRIX|MODEL |ATOM  |HETATM)/mu;

/** What people hand over by mistake, by how the text begins. */
const others: readonly (readonly [start: RegExp, what: string])[] = [
  [/^\{/u, 'JSON text'],
  [/^<(!doctype html|html)/iu, 'an HTML page, often left by a download that failed'],
  [/^</u, 'an XML file'],
  [/^version https:\/\/git-lfs/u, 'a Git LFS pointer, whose file was not fetched'],
];

/** Tells PDB from mmCIF by the content; says what else a file is. */
export function modelFormat(bytes: Uint8Array, name: string): ModelFormat {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  const start = head.replace(/^(\s|\u00ef\u00bb\u00bf|#[^\n]*\n)+/u, '');
  if (/^(data_|global_)/iu.test(start)) return 'mmcif';
  if (!head.includes('\0') && pdbRecord.test(head)) return 'pdb';
  const isMap = head.slice(208, 211) === 'MAP';
  const what = isMap ? 'a map' : head.includes('\0') ? 'a binary file' : others.find(([text]) => text.test(start))?.[1];
  throw new LocScaleError(
    'input.format',
    `${name} is ${bytes.length === 0 ? 'empty' : (what ?? 'neither PDB nor mmCIF')}, but a model in PDB or mmCIF format is expected, plain or packed with gzip; give another file or convert it first.`,
  );
}
