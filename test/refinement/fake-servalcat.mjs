#!/usr/bin/env node
// A stand-in for servalcat in tests: takes its command lines, writes files of the same names and prints lines of the same form, as
// far as they are known from reading servalcat 0.4.99. It refines nothing: each B-factor becomes ten times the residue's number.
// FAKE_SERVALCAT in the environment chooses what goes wrong: fail, nothing, hang. FAKE_SERVALCAT_LOG: file for the arguments.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
const [variant] = args;
const wrong = process.env['FAKE_SERVALCAT'];
if (args.includes('-h')) {
  say(wrong === 'old' ? 'usage: servalcat refine_spa_norefmac [-h]' : 'usage: [--fix_xyz] [--adp {iso,aniso}]');
  process.exit(0);
}
if (process.env['FAKE_SERVALCAT_LOG']) appendFileSync(process.env['FAKE_SERVALCAT_LOG'], `${JSON.stringify(args)}\n`);
say('# a stand-in for servalcat, for tests');

const model = args[args.indexOf('--model') + 1] ?? '';
const at = args.indexOf('--halfmaps');
const maps = at < 0 ? [args[args.indexOf('--map') + 1] ?? ''] : args.slice(at + 1, at + 3);
const lines = readFileSync(model, 'utf8').split('\n');
for (const map of maps) {
  const header = readFileSync(map);
  if (header.toString('latin1', 208, 212) !== 'MAP ' || [0, 1, 2].some((i) => header.readInt32LE(16 + 4 * i) !== 0)) {
    say(`Error: ${map} is no map that begins at 0`);
    process.exit(1);
  }
}
if (!lines.some((line) => line.startsWith('_cell.length_a '))) {
  say('Error: the model has no cell');
  process.exit(1);
}
if (wrong === 'fail') {
  say('Error: cannot find the monomer library. Set CLIBD_MON');
  process.exit(1);
}
if (wrong === 'hang') {
  // A child of its own, as REFMAC5 is: it must go as well.
  const child = spawn(process.execPath, ['-e', 'setInterval(Date, 1000)'], { stdio: 'ignore' });
  if (process.env['FAKE_SERVALCAT_PIDS'])
    writeFileSync(process.env['FAKE_SERVALCAT_PIDS'], `${process.pid} ${child.pid}`);
  say('FSCaverage = 0.5');
  setInterval(Date, 1000);
} else {
  for (let cycle = 0; cycle <= 10; cycle++) {
    const fsc = (0.6 + 0.01 * cycle).toFixed(4);
    say(variant === 'refine_spa' ? `cycle= ${cycle} FSCaverage= ${fsc}` : `FSCaverage = ${fsc}`);
  }
  const tags = lines.filter((line) => line.startsWith('_atom_site.')).map((line) => line.trim());
  const [b, number] = [tags.indexOf('_atom_site.B_iso_or_equiv'), tags.indexOf('_atom_site.auth_seq_id')];
  const first = lines.findIndex((line) => line.startsWith('_atom_site.'));
  const rows = lines.filter((line) => /^(ATOM|HETATM)\s/u.test(line)).map((line) => line.trim().split(/\s+/u));
  for (const row of rows) row[b] = String(10 * Number(row[number]));
  // Another order than it was given, without hydrogens, and one atom lost.
  const type = tags.indexOf('_atom_site.type_symbol');
  const kept = rows
    .filter((row) => row[type] !== 'H')
    .reverse()
    .slice(1);
  const text = [...lines.slice(0, first), ...tags, ...kept.map((row) => row.join(' '))].join('\n');
  if (wrong !== 'nothing' && existsSync(model)) writeFileSync('refined.mmcif', `${text}\n`);
}
