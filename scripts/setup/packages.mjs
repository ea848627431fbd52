/**
 * The system packages that building needs, and what each package manager calls them. The one place to add another.
 * Tried: apt-get on Debian 12. Not tried yet: dnf, pacman, brew (docs/install.md says the same).
 */

/**
 * @typedef {'apt-get' | 'dnf' | 'pacman' | 'brew'} Manager
 * @typedef {object} Need
 * @property {string} what what is looked for, for people
 * @property {string} [command] found on PATH
 * @property {string} [header] found in an include folder
 * @property {Readonly<Record<Manager, string>>} names package names; an empty one comes with the system's developer tools
 */

/** @type {readonly Need[]} */
export const needs = [
  { what: 'a C++20 compiler', command: 'g++', names: { 'apt-get': 'g++', dnf: 'gcc-c++', pacman: 'gcc', brew: '' } },
  { what: 'make', command: 'make', names: { 'apt-get': 'make', dnf: 'make', pacman: 'make', brew: '' } },
  // node-gyp writes the makefiles with it.
  {
    what: 'python3',
    command: 'python3',
    names: { 'apt-get': 'python3', dnf: 'python3', pacman: 'python', brew: 'python' },
  },
  {
    what: 'FFTW 3',
    header: 'fftw3.h',
    names: { 'apt-get': 'libfftw3-dev', dnf: 'fftw-devel', pacman: 'fftw', brew: 'fftw' },
  },
  {
    what: 'Highway',
    header: 'hwy/highway.h',
    names: { 'apt-get': 'libhwy-dev', dnf: 'highway-devel', pacman: 'highway', brew: 'highway' },
  },
  // Headers only: nothing of them is needed when the addon runs.
  {
    what: 'gemmi',
    header: 'gemmi/pdb.hpp',
    names: { 'apt-get': 'gemmi-dev', dnf: 'gemmi-devel', pacman: 'gemmi', brew: 'gemmi' },
  },
  {
    what: 'PEGTL',
    header: 'tao/pegtl.hpp',
    names: { 'apt-get': 'tao-pegtl-dev', dnf: 'PEGTL-devel', pacman: 'pegtl', brew: 'pegtl' },
  },
];

/**
 * What some tests need beside that; without it they are skipped. Tests speak with real launchers.
 * @type {readonly Need[]}
 */
export const testNeeds = [
  {
    what: 'mpirun',
    command: 'mpirun',
    names: { 'apt-get': 'openmpi-bin', dnf: 'openmpi', pacman: 'openmpi', brew: 'open-mpi' },
  },
  {
    what: 'chromium',
    command: 'chromium',
    names: { 'apt-get': 'chromium', dnf: 'chromium', pacman: 'chromium', brew: 'chromium' },
  },
];

// On macOS the libraries lie in no standard folder; the addon finds them through pkg-config.
/** @type {readonly Need[]} */
export const macNeeds = [
  {
    what: 'pkg-config',
    command: 'pkg-config',
    names: { 'apt-get': 'pkg-config', dnf: 'pkgconf-pkg-config', pacman: 'pkgconf', brew: 'pkgconf' },
  },
];

/** @type {Readonly<Record<Manager, readonly string[]>>} */
export const installCommand = {
  'apt-get': ['apt-get', 'install', '-y', '--no-install-recommends'],
  dnf: ['dnf', 'install', '-y'],
  pacman: ['pacman', '-S', '--needed', '--noconfirm'],
  brew: ['brew', 'install'],
};

/**
 * @param {Manager} manager
 * @param {readonly Need[]} missing
 * @returns {readonly string[]}
 */
export function packageNames(manager, missing) {
  return missing.map((need) => need.names[manager]).filter((name) => name !== '');
}

/**
 * The one line that a person types to install what is missing.
 * @param {Manager} manager
 * @param {readonly Need[]} missing
 * @param {boolean} isRoot
 * @returns {string}
 */
export function installLine(manager, missing, isRoot) {
  const names = packageNames(manager, missing);
  const install = [...(isRoot || manager === 'brew' ? [] : ['sudo']), ...installCommand[manager], ...names].join(' ');
  if (manager !== 'brew') return install;
  const tools = missing.some((need) => need.names.brew === '') ? ['xcode-select --install'] : [];
  return [...tools, ...(names.length > 0 ? [install] : [])].join(' && ');
}
