/**
 * The rooms of the repository and which way imports may run: the table of docs/architecture.md in a form that the
 * linter reads. A test checks that the two say the same.
 */

/**
 * @typedef {object} Room
 * @property {string} name as the table's last column calls it
 * @property {string} path a folder (ends in `/`) or a file, from the root of the repository
 * @property {readonly string[] | 'anything'} mayImport names of other rooms; a room may always import itself
 * @property {{ readonly rim: readonly string[] }} [browser] runs in browsers, so no Node modules and no `ws` outside its
 *   rim (folders and files), which the rest of the room does not import
 */

/** @type {readonly Room[]} */
export const rooms = [
  {
    name: 'protocol',
    path: 'protocol/',
    mayImport: [],
    browser: { rim: ['protocol/src/adapters/', 'protocol/src/generate.ts'] },
  },
  { name: 'native', path: 'native/', mayImport: [] },
  { name: 'state', path: 'daemon/src/state.ts', mayImport: ['protocol'] },
  { name: 'volumes', path: 'daemon/src/volumes/', mayImport: ['native', 'protocol'] },
  { name: 'models', path: 'daemon/src/models/', mayImport: ['volumes', 'native', 'protocol'] },
  { name: 'store', path: 'daemon/src/store/', mayImport: ['volumes', 'protocol'] },
  { name: 'download', path: 'daemon/src/download/', mayImport: ['volumes', 'protocol'] },
  { name: 'emdb', path: 'daemon/src/emdb/', mayImport: ['download', 'volumes', 'protocol'] },
  { name: 'networks', path: 'daemon/src/networks/', mayImport: ['download', 'volumes', 'state', 'protocol'] },
  { name: 'report', path: 'daemon/src/report/', mayImport: [] },
  {
    name: 'engine',
    path: 'daemon/src/engine/',
    mayImport: ['report', 'networks', 'store', 'models', 'volumes', 'native', 'protocol'],
  },
  {
    name: 'jobs',
    path: 'daemon/src/jobs/',
    mayImport: ['engine', 'networks', 'store', 'volumes', 'state', 'protocol'],
  },
  {
    name: 'cluster',
    path: 'daemon/src/cluster/',
    mayImport: ['jobs', 'engine', 'store', 'volumes', 'native', 'protocol'],
  },
  { name: 'viewers', path: 'daemon/src/viewers/', mayImport: ['jobs', 'volumes', 'state', 'protocol'] },
  {
    name: 'server',
    path: 'daemon/src/server/',
    mayImport: ['viewers', 'jobs', 'emdb', 'volumes', 'state', 'protocol'],
  },
  // A program of its own, which the doctor starts to see whether the addon loads.
  { name: 'addon probe', path: 'daemon/src/cli/doctor/addon-probe.ts', mayImport: ['native'] },
  {
    name: 'cli',
    path: 'daemon/src/cli/',
    mayImport: [
      'server',
      'cluster',
      'jobs',
      'engine',
      'networks',
      'emdb',
      'store',
      'models',
      'volumes',
      'state',
      'protocol',
    ],
  },
  { name: 'plugins', path: 'plugins/', mayImport: ['protocol'], browser: { rim: [] } },
  { name: 'demo', path: 'demo/', mayImport: 'anything' },
  { name: 'theory', path: 'theory/', mayImport: ['demo'] },
  { name: 'bench', path: 'bench/', mayImport: 'anything' },
  { name: 'examples', path: 'examples/', mayImport: 'anything' },
  { name: 'test', path: 'test/', mayImport: 'anything' },
];

/** Packages of this repository, by the room that they are. */
const packages = new Map([
  ['@chimerax-like/rpc', 'protocol/'],
  ['@locscale/native', 'native/'],
  ['@locscale/molstar', 'plugins/molstar/'],
]);

/**
 * @param {string} path from the root of the repository, with `/`
 * @returns {Room | null}
 */
export function roomOf(path) {
  return rooms.find((room) => (room.path.endsWith('/') ? path.startsWith(room.path) : path === room.path)) ?? null;
}

/**
 * The file or folder that an import names, from the root of the repository.
 * @param {string} from importing file, from the root
 * @param {string} specifier
 * @returns {string | null} null for packages that are not ours
 */
function target(from, specifier) {
  if (specifier.startsWith('.')) {
    return new URL(specifier, new URL(from, 'file:///')).pathname.slice(1).replace(/\.js$/, '.ts');
  }
  const name = specifier.split('/').slice(0, 2).join('/');
  return packages.get(name) ?? null;
}

/**
 * @param {string} from importing file, from the root of the repository
 * @param {string} specifier what stands between the quotes
 * @returns {string | null} what is wrong with the import, in one sentence; null when it is allowed
 */
export function importFault(from, specifier) {
  const room = roomOf(from);
  if (room === null) return `${from} lies in no room; give it one in scripts/lint/rooms.mjs and docs/architecture.md`;
  if (room.mayImport === 'anything') return null;
  const rim = room.browser?.rim ?? [];
  const isInRim = (/** @type {string} */ path) => rim.some((part) => path.startsWith(part));
  if (room.browser !== undefined && !isInRim(from) && /^(node:|ws$)/.test(specifier)) {
    return `${room.name} runs in browsers too, so it cannot import ${specifier}`;
  }
  const path = target(from, specifier);
  if (path === null) return null;
  const imported = roomOf(path);
  if (imported === null) return `${specifier} lies in no room`;
  if (imported === room) {
    return isInRim(path) && !isInRim(from) ? `the core of ${room.name} cannot import its rim, ${specifier}` : null;
  }
  if (room.mayImport.includes(imported.name)) return null;
  return `${room.name} may import only ${room.mayImport.join(', ') || 'itself'}, not ${imported.name}`;
}
