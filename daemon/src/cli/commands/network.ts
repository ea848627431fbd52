import { resolve } from 'node:path';
import type { Command } from 'commander';
import { programVersion } from '../../engine/version.js';
import {
  embeddedNetworks,
  importNetwork,
  type Manifest,
  NetworkLibrary,
  published,
  pullNetworks,
  readCalibrator,
} from '../../networks/index.js';
import { statePaths } from '../../state.js';
import { CommandLineError, ExitWith } from '../command-line-error.js';
import { exitCodes } from '../exit-codes.js';
import { humanSize } from '../output/size.js';
import { fileProgress } from '../output/file-progress.js';
import type { Terminal } from '../terminal.js';

interface Output {
  readonly json?: boolean;
}
interface ImportFlags extends Output {
  readonly name?: string;
  readonly replace?: boolean;
  readonly licence?: string;
  readonly trainingData?: string;
  readonly calibrator?: string;
}

const library = (): NetworkLibrary => new NetworkLibrary(statePaths().networks);

/** `locscale network import | pull | list | verify | remove`: the networks that predictions can use (docs/networks.md). It needs no daemon. */
export function registerNetwork(program: Command, terminal: Terminal): void {
  const network = program.command('network').description('import, fetch, list, check or remove networks');
  registerImport(network, terminal);
  registerPull(network, terminal);

  network
    .command('list', { isDefault: true })
    .description('list the networks with where they come from')
    .option('--json', 'print one JSON object')
    .action(async (options: Output) => {
      const networks = await library().list();
      const embedded = (await embeddedNetworks()).map(({ manifest }) => manifest);
      if (options.json === true) {
        terminal.print(JSON.stringify({ ok: true, folder: library().folder, networks, embedded }));
        return;
      }
      if (networks.length === 0) terminal.print(`No networks in ${library().folder}`);
      for (const manifest of networks) for (const line of lines(manifest)) terminal.print(line);
      if (embedded.length > 0) terminal.print('With the program come:');
      for (const manifest of embedded) for (const line of lines(manifest)) terminal.print(line);
    });

  network
    .command('verify')
    .description('compare the files of networks with their manifests')
    .argument('[name]', 'one network; otherwise all')
    .option('--json', 'print one JSON object')
    .action(async (name: string | undefined, options: Output) => {
      const all = name === undefined ? await library().list() : [await library().get(name)];
      const results = await Promise.all(
        all.map(async (manifest) => ({ name: manifest.name, fault: await library().fault(manifest) })),
      );
      const ok = results.every(({ fault }) => fault === null);
      if (options.json === true) terminal.print(JSON.stringify({ ok, networks: results }));
      else if (results.length === 0) terminal.print(`No networks in ${library().folder}`);
      else
        for (const { name: of, fault } of results)
          terminal.print(fault === null ? `${of}: whole` : `${of}: ${fault}; import it again with --replace`);
      if (!ok) throw new ExitWith(exitCodes.input.code);
    });

  network
    .command('remove')
    .description('remove a network')
    .argument('<name>', 'the network')
    .option('--json', 'print one JSON object')
    .action(async (name: string, options: Output) => {
      const bytes = await library().remove(name);
      if (options.json === true) terminal.print(JSON.stringify({ ok: true, name, bytes }));
      else terminal.print(`${name} removed (${humanSize(bytes)})`);
    });
}

function registerImport(network: Command, terminal: Terminal): void {
  network
    .command('import')
    .description('convert a network from a Keras (.hdf5), PyTorch (.pt) or ONNX file and keep it')
    .argument('<file>', 'the file of the network')
    .option('--name <name>', "the network's name (default: that of the file)")
    .option('--replace', 'replace a network of the same name')
    .option('--licence <text>', 'licence of the weights, for the manifest')
    .option('--training-data <text>', 'what the network was trained on, for the manifest')
    .option('--calibrator <file>', "the network's own calibrator of confidence (JSON), or the word emmernet")
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: ImportFlags) => {
      const manifest = await importNetwork(library(), resolve(file), {
        name: flags.name,
        replace: flags.replace === true,
        program: programVersion,
        licence: flags.licence,
        trainingData: flags.trainingData,
        calibrator: flags.calibrator === undefined ? undefined : await readCalibrator(flags.calibrator),
      });
      tellImported(terminal, manifest, flags);
    });
}

function registerPull(network: Command, terminal: Terminal): void {
  const words = published.map(({ word }) => word);
  network
    .command('pull')
    .description('fetch a published archive of networks (only when you ask for it by this command) and import it')
    .argument('<archive>', `one of: ${words.join(', ')}`)
    .option('--replace', 'replace networks of the same names')
    .option('--json', 'print one JSON object')
    .action(async (word: string, flags: Output & { readonly replace?: boolean }) => {
      const source = published.find((archive) => archive.word === word);
      if (source === undefined)
        throw new CommandLineError(
          'command-line.usage',
          `${word} is not a published archive that is known here; give one of: ${words.join(', ')}.`,
        );
      const tell = fileProgress(terminal);
      const networks = await pullNetworks(library(), source, {
        replace: flags.replace === true,
        program: programVersion,
        onProgress: (received, total) => tell(source.file, received, total),
      });
      if (flags.json === true) terminal.print(JSON.stringify({ ok: true, folder: library().folder, networks }));
      else for (const manifest of networks) tellImported(terminal, manifest, flags);
    });
}

/** What an import prints when it is done. */
function tellImported(terminal: Terminal, manifest: Manifest, options: Output): void {
  if (options.json === true) terminal.print(JSON.stringify({ ok: true, folder: library().folder, network: manifest }));
  else {
    for (const line of lines(manifest)) terminal.print(line);
    for (const note of manifest.notes) terminal.note(note);
  }
}

const cube = ([channels, ...size]: Manifest['input']): string =>
  `${size.join(' x ')}${channels === 1 ? '' : `, ${channels} channels`}`;

function lines(manifest: Manifest): readonly string[] {
  const { source, graph } = manifest;
  const rows = [
    ['source', `${source.from} (${source.format}, ${humanSize(source.bytes)})`],
    ['SHA-256', source.sha256],
    ['graph', `${graph.file} (${humanSize(graph.bytes)})`],
    ['weights', manifest.parameters.toLocaleString('en-GB')],
    ['cube', cube(manifest.input)],
    ['dropouts', manifest.dropouts.length === 0 ? 'none' : String(manifest.dropouts.length)],
    [
      'calibrator',
      manifest.calibrator === null
        ? 'none'
        : `${manifest.calibrator.x.length} knots, ${manifest.calibrator.samples} passes`,
    ],
    ['licence', manifest.licence ?? 'not stated'],
    ['trained on', manifest.trainingData ?? 'not stated'],
    ['imported', `${manifest.importedAt.slice(0, 16).replace('T', ' ')} UTC`],
  ] as const;
  return [manifest.name, ...rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`)];
}
