import { readFileSync } from 'node:fs';
import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { importDirection } from '../../scripts/lint/import-direction.mjs';
import { rooms } from '../../scripts/lint/rooms.mjs';
import { root } from './tree.js';

type Room = (typeof rooms)[number];

/** What the rule says about one line of code in one file. */
function faults(file: string, code: string): readonly string[] {
  const plugins = { locscale: { rules: { direction: importDirection } } };
  const linter = new Linter({ configType: 'flat', cwd: root });
  const config = { files: ['**/*.js', '**/*.ts'], plugins, rules: { 'locscale/direction': 'error' as const } };
  return linter.verify(code, [config], { filename: `${root}${file}` }).map((message) => message.message);
}

/** A file of the room, and the way another file would import it. */
const fileIn = (room: Room): string => (room.path.endsWith('/') ? `${room.path}x.js` : room.path);
const importOf = (room: Room, from: string): string => {
  const up = '../'.repeat(from.split('/').length - 1);
  return `import '${up}${fileIn(room)}';`;
};

const othersThan = (room: Room): readonly Room[] => rooms.filter((other) => other !== room);
const mayImport = (from: Room, to: Room): boolean => from.mayImport === 'anything' || from.mayImport.includes(to.name);

describe('imports between rooms', () => {
  it.each(rooms.map((room) => [room.name, room] as const))(
    '%s imports what it may, and nothing else',
    (_name, from) => {
      for (const to of othersThan(from)) {
        const expected = mayImport(from, to) ? [] : [expect.stringMatching(`not ${to.name}$`)];
        expect(faults(fileIn(from), importOf(to, fileIn(from))), `${from.name} importing ${to.name}`).toEqual(expected);
      }
    },
  );

  it('knows the packages by name, whatever part of them is imported', () => {
    expect(faults('native/src/x.js', `import '@chimerax-like/rpc/ws';`)).toHaveLength(1);
    expect(faults('plugins/molstar/src/x.js', `import '@locscale/native';`)).toHaveLength(1);
    expect(faults('daemon/src/volumes/x.js', `import '@locscale/native'; import '@chimerax-like/rpc';`)).toEqual([]);
  });

  it.each(['export * from "X";', 'export { a } from "X";', 'const a = await import("X");'])('sees %s', (form) => {
    expect(faults('protocol/src/x.js', form.replace('X', '@locscale/native'))).toHaveLength(1);
  });

  it('keeps Node and ws out of what runs in browsers', () => {
    expect(faults('protocol/src/x.js', `import 'node:fs';`)).toHaveLength(1);
    expect(faults('protocol/src/x.js', `import 'ws';`)).toHaveLength(1);
    expect(faults('plugins/molstar/src/x.js', `import 'node:path';`)).toHaveLength(1);
    expect(faults('protocol/src/adapters/ws.js', `import 'ws';`)).toEqual([]);
  });

  it('keeps the core of the protocol apart from its adapters', () => {
    expect(faults('protocol/src/x.js', `import './adapters/ws.js';`)).toHaveLength(1);
    expect(faults('protocol/src/adapters/ws.js', `import '../x.js';`)).toEqual([]);
  });

  it('asks for a room for every file', () => {
    expect(faults('daemon/src/attic/x.js', `import 'node:fs';`)).toEqual([expect.stringContaining('lies in no room')]);
  });

  it.each(rooms.map((room) => [room.name, room] as const))('is switched on in %s', async (_name, room) => {
    const path = fileIn(room).replace(/\.js$/, '.ts');
    const config: unknown = await new ESLint({ cwd: root }).calculateConfigForFile(path);
    expect(config).toHaveProperty(['rules', 'locscale/import-direction', 0], 2);
  });
});

describe('docs/architecture.md', () => {
  const rows = readFileSync(`${root}docs/architecture.md`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(rooms.map((room) => [room.path, room] as const))('has the row of %s as the linter reads it', (path, room) => {
    const row = rows.find((cells) => cells[1]?.includes(`\`${path}\``));
    if (row === undefined) throw new Error(`no row for ${path}`);
    const allowed = row[3] ?? '';
    if (room.mayImport === 'anything') {
      expect(allowed).toBe('anything');
      return;
    }
    const named = rooms.map((other) => other.name).filter((name) => new RegExp(`\\b${name}\\b`).test(allowed));
    expect(named.sort()).toEqual([...room.mayImport].sort());
  });

  it('names no room that the linter does not know', () => {
    const paths = rows.flatMap((cells) => [...(cells[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    expect(paths.sort()).toEqual(rooms.map((room) => room.path).sort());
  });
});
