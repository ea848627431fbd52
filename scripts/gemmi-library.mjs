/**
 * What the linker needs of gemmi, for native/binding.gyp: nothing for version 0.5, whose headers hold everything (Debian 12); its library
 * where a later version has one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folders = [
  '/usr/lib',
  '/usr/lib64',
  '/usr/local/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/opt/homebrew/lib',
  '/opt/local/lib',
];
const names = ['libgemmi_cpp.so', 'libgemmi_cpp.dylib', 'libgemmi_cpp.a'];
const folder = folders.find((path) => names.some((name) => existsSync(join(path, name))));
console.log(folder === undefined ? '' : `-L${folder} -lgemmi_cpp`);
