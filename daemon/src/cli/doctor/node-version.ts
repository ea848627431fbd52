import { failed, ok, type Check } from './check.js';

/** Oldest Node that the program is built and tested for. */
const oldest = [20, 19] as const;

/** Checks a version text such as `20.19.1`. */
export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return fits
    ? ok('Node', `version ${version}`)
    : failed('Node', `version ${version} is too old, ${oldest.join('.')} or newer is needed; install a newer Node.`);
}
