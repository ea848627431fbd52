import { createHash } from 'node:crypto';
import { NetworkFault, shown } from '../fault.js';
import type { Converted } from '../graph/converted.js';
import { convertEmmernet, isEmmernet } from './emmernet.js';
import { convertEmmernetSim, isEmmernetSim } from './emmernet-sim.js';
import { convertScunet, isScunet } from './scunet.js';
import { StateDict } from './state-dict.js';

/** SURFER_SCUNet.pt by the name that Git has for its content; the same in versions 0.1 and 0.1.2 of SURFER. */
const surferBlob = '74dd7bad6e8dc266b197c8ffd3122b1360c0a42d';

/** Converts a state dictionary. It holds weights without the layers, so only networks that are known here can be read. */
export function convertTorch(file: Uint8Array): Converted {
  const weights = StateDict.read(file);
  if (isEmmernet(weights)) return convertEmmernet(weights);
  if (isEmmernetSim(weights)) return convertEmmernetSim(weights);
  if (isScunet(weights)) {
    const converted = convertScunet(weights);
    return { ...converted, notes: [...converted.notes, originOf(file)] };
  }
  throw new NetworkFault(
    `it holds the weights of a network other than EMmerNet and SURFER (its first tensor is ${shown(weights.names[0] ?? '')}), and weights alone do not tell the layers`,
    'export the network as ONNX (torch.onnx.export) and import that file',
  );
}

function originOf(file: Uint8Array): string {
  const blob = gitBlob(file);
  return blob === surferBlob
    ? `The file is the published SURFER_SCUNet.pt (Git blob ${blob}).`
    : `The file is not the published SURFER_SCUNet.pt: its Git blob is ${blob}, and that of the published file ${surferBlob}.`;
}

/** Git's name of a content: SHA-1 of a header and the content. */
export const gitBlob = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
