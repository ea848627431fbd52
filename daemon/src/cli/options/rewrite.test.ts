import { describe, expect, it } from 'vitest';
import { withCommandWord } from './command-word.js';
import { rewriteOptions } from './rewrite.js';
import { longFlag, type OptionSpec } from './spec.js';
import { options } from './table.js';

const rewrite = (line: string): string => rewriteOptions(line.split(' '), options).join(' ');

describe('rewriting of LocScale’s spellings', () => {
  it.each([
    ['-hm a.mrc b.mrc', '--halfmap-paths a.mrc b.mrc'],
    ['--halfmap_paths a b', '--halfmap-paths a b'],
    ['--halfmap-paths a b', '--halfmap-paths a b'],
    ['--window_size=24', '--window-size=24'],
    ['-wn=24', '--window-size=24'],
    ['-o out_file.mrc', '--outfile out_file.mrc'],
    ['-oout_file.mrc', '--outfile=out_file.mrc'],
    ['-p1.05', '--apix=1.05'],
    ['-p -1.05', '--apix -1.05'],
    ['-op folder', '--output-processing-files folder'],
    ['-v --no-daemon --no_daemon', '--verbose --no-daemon --no-daemon'],
    ['-fdr 0.01 -fdr_w 12 -fdr_f 5', '--fdr-threshold 0.01 --fdr-window-size 12 --fdr-filter 5'],
    [
      '-pm gradient -pm_it 50 -mpi -np 4',
      '--pseudomodel-method gradient --total-iterations 50 --mpi --number-processes 4',
    ],
    ['-h', '-h'],
    ['-o - -- -hm --mask_x', '--outfile - -- -hm --mask_x'],
  ])('%s → %s', (given, expected) => {
    expect(rewrite(given)).toBe(expected);
  });

  it('never changes a value that only looks like a path with underscores', () => {
    expect(rewrite('-ma ./dir_a/mask_b.mrc')).toBe('--mask ./dir_a/mask_b.mrc');
  });

  it.each(options.filter((spec): spec is OptionSpec & { short: string } => spec.short !== null))(
    'knows -$short as --$name',
    (spec) => {
      expect(rewrite(`-${spec.short}`)).toBe(longFlag(spec));
    },
  );

  it('names the nearest option when a short one is mistyped', () => {
    expect(() => rewrite('-hn a b')).toThrow('Unknown option -hn; did you mean -hm?');
    expect(() => rewrite('-xyzzy')).toThrow('Unknown option -xyzzy; see `locscale --help`.');
  });
});

describe('the default command', () => {
  const commands = ['sharpen', 'jobs'];
  it.each([
    ['-hm a b', 'sharpen -hm a b'],
    ['--emmap_path a', 'sharpen --emmap_path a'],
    ['sharpen -hm a b', 'sharpen -hm a b'],
    ['jobs list', 'jobs list'],
    ['--help', '--help'],
    ['-V', '-V'],
    ['unheard-of', 'unheard-of'],
  ])('%s → %s', (given, expected) => {
    expect(withCommandWord(given.split(' '), commands).join(' ')).toBe(expected);
  });
});
