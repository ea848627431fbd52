import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { ExitWith } from '../../daemon/src/cli/command-line-error.js';
import { registerInfo } from '../../daemon/src/cli/commands/info.js';
import { registerValidate } from '../../daemon/src/cli/commands/validate.js';
import { readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap } from './helpers/encode-map.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const sloppy = putFile(
  scratch,
  'sloppy.mrc.gz',
  gzipSync(encodeMap({ stamp: '00000000', angles: [0, 0, 0], labels: ['one', 'two'], start: [-2, 0, 0] })),
);
const text = putFile(scratch, 'text.mrc', 'HEADER of a PDB file');
const strict = `${scratch}/strict.mrc`;
const { grid, voxels } = await readVolume(sloppy);
await writeVolume(strict, { grid, voxels });

/** Runs one command as the command line does; returns what it printed and its exit code. */
const run = async (...argv: string[]): Promise<{ out: string; notes: string; code: number }> => {
  const out: string[] = [];
  const notes: string[] = [];
  const terminal = {
    print: (line: string) => void out.push(line),
    note: (line: string) => void notes.push(line),
    draw: () => undefined,
    interactive: false,
    columns: () => 80,
  };
  const program = new Command().exitOverride();
  registerInfo(program, terminal);
  registerValidate(program, terminal);
  const code = await program.parseAsync(argv, { from: 'user' }).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof ExitWith) return error.code;
      throw error;
    },
  );
  return { out: out.join('\n'), notes: notes.join('\n'), code };
};

describe('locscale info', () => {
  it('shows grid, voxel size, origin, statistics, labels and warnings', async () => {
    const { out, code } = await run('info', sloppy);
    expect(code).toBe(0);
    expect(out).toMatch(/^mode +2 \(float32\)$/mu);
    expect(out).toMatch(/^grid +4 × 5 × 6 voxels \(z × y × x\)$/mu);
    expect(out).toMatch(/^voxel size +1\.5 × 1\.5 × 1\.5 Å/mu);
    expect(out).toMatch(/^origin +\(-3, 0, 0\) Å/mu);
    expect(out).toMatch(/^nstart +\(-2, 0, 0\) voxels/mu);
    expect(out).toMatch(/^axis order +x, y, z/mu);
    expect(out).toMatch(/^statistics +min 0, max 119, mean /mu);
    expect(out.match(/^label +(one|two)$/gmu)).toHaveLength(2);
    expect(out).toMatch(/^warning .*\[header\.no-machine-stamp\]$/mu);
  });

  it('prints one JSON object a line, also for files that cannot be read, and keeps the exit code of the first', async () => {
    const { out, code } = await run('info', '--json', strict, text, `${scratch}/nowhere.mrc`);
    const [first, second, third, ...more] = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ ok: true, mode: 2, grid, axisOrder: [1, 2, 3], warnings: [] });
    expect(second).toMatchObject({ ok: false, error: { kind: 'input.format' } });
    expect(third).toMatchObject({ ok: false, error: { kind: 'input.missing' } });
    expect(code).toBe(3);
  });

  it('notes one sentence for a file that cannot be read', async () => {
    const { out, notes, code } = await run('info', text);
    expect([out, code]).toEqual(['', 3]);
    expect(notes).toMatch(/^locscale: text\.mrc is a PDB model, .*\.$/u);
  });
});

describe('locscale validate', () => {
  it('finds nothing wrong with a file written here', async () => {
    const { out, code } = await run('validate', strict);
    expect(out).not.toContain('PROBLEM');
    expect(out.split('\n')[0]).toBe(`${strict}: valid`);
    expect(code).toBe(0);
  });

  it('lists every problem of a readable file, one a line', async () => {
    const { out, code } = await run('validate', sloppy);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.includes('PROBLEM'))).toEqual([
      expect.stringContaining('machine stamp is one of the format: bytes 00 00 00 00'),
      expect.stringContaining('cell angles are 90°: 0, 0, 0'),
    ]);
  });

  it('reports the worst of several files, with a JSON object for each', async () => {
    const { out, code } = await run('validate', '--json', strict, sloppy, text);
    expect(out.split('\n').map((line) => (JSON.parse(line) as { verdict: string }).verdict)).toEqual([
      'valid',
      'problems',
      'unreadable',
    ]);
    expect(code).toBe(2);
  });

  it.each([
    ['identifier', { identifier: 'MAP\0' }],
    ['machine stamp', { stamp: '44442020' }],
    ['space group', { spaceGroup: 0 }],
    ['stored statistics', { storedStatistics: [0, 1, 0.5] as const }],
    ['extended header', { extended: Buffer.alloc(80) }],
    ['labels', { labels: ['one', '', 'three'] }],
    ['cubic within', { cell: [9, 7.5, 6.05] as const }],
    ['not all equal', { value: () => 3 }],
  ])('names the one thing wrong: %s', async (name, recipe) => {
    const { out, code } = await run('validate', putFile(scratch, 'one.mrc', encodeMap(recipe)));
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.includes('PROBLEM'))).toEqual([expect.stringContaining(name)]);
  });

  it('finds a file that is too long', async () => {
    const path = putFile(scratch, 'long.mrc', Buffer.concat([encodeMap({}), Buffer.alloc(1)]));
    const { out } = await run('validate', path);
    expect(out).toContain('PROBLEM file length is exact: bytes after the last voxel');
  });
});
