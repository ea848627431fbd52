import { NetworkFault } from '../fault.js';
import type { Converted } from '../graph/converted.js';
import { convertKeras } from '../keras/convert.js';
import { acceptOnnx } from '../onnx/accept.js';
import { convertTorch } from '../torch/convert.js';

const startsWith = (file: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => file[at] === byte);

/** Converts the content of a file; what it is shows in its first bytes, not in its name. */
export function convertFile(file: Uint8Array<ArrayBuffer>): Converted {
  if (file.length === 0) throw new NetworkFault('it is empty');
  if (startsWith(file, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) {
    // jsfive wants the file as a buffer of its own.
    const whole = file.byteOffset === 0 && file.byteLength === file.buffer.byteLength;
    return convertKeras(whole ? file.buffer : file.slice().buffer);
  }
  if (startsWith(file, [0x50, 0x4b])) return convertTorch(file);
  // A bare pickle: protocol 2 to 5, then the magic number of PyTorch before 1.6 or anything else.
  if (file[0] === 0x80 && (file[1] ?? 0) >= 2 && (file[1] ?? 0) <= 5)
    throw new NetworkFault(
      'it is a bare pickle, which PyTorch before 1.6 wrote; such files are not read, because a pickle can run programs',
      'save it again with a newer PyTorch (torch.save), or export it as ONNX',
    );
  if (startsWith(file, [0x1f, 0x8b]))
    throw new NetworkFault('it is a packed archive', 'unpack it and give the .hdf5, .pt or .onnx file inside');
  // ONNX has no signature, but its exporters all begin with the version, field 1.
  if (file[0] !== 0x08)
    throw new NetworkFault(
      'it is not an HDF5, PyTorch or ONNX file',
      'give the .hdf5, .pt or .onnx file of the network',
    );
  return acceptOnnx(file);
}
