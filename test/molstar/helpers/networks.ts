import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeModel, importNetwork, NetworkLibrary } from '../../../daemon/dist/networks/index.js';
import { smallNetwork } from '../../networks/small-network.js';
import { keepThresholdNetwork } from '../../surfer/threshold-network.js';

/** Puts two small networks into a daemon's home: `small` enhances (nobody has trained it), `denser` finds what is dense. */
export async function keepSmallNetworks(home: string): Promise<void> {
  const folder = join(home, 'networks');
  const library = new NetworkLibrary(folder);
  await keepThresholdNetwork(folder, { voxelSize: 1.5, stride: 10, resampling: 'fourier', output: 'logit' });
  const { model } = smallNetwork({ cube: [32, 32, 32], channels: 4, element: 0.25, channel: null });
  const file = join(home, 'small.onnx');
  await writeFile(file, encodeModel(model));
  await importNetwork(library, file, {
    name: 'small',
    replace: true,
    program: 'test',
    calibrator: { kind: 'isotonic', samples: 15, x: [0, 0.1], y: [0.01, 0.2] },
  });
}
