import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextPicture } from '../../engine/context-picture.js';
import { readVolume } from '../../volumes/index.js';
import { addOptions, givenOptions } from '../options/commander.js';
import { surferOptions, type SurferRequest, surferRequest } from '../options/surfer.js';
import { duration } from '../output/duration.js';
import { verboseLines } from '../output/result.js';
import { evaluateRequest } from '../run/evaluate-request.js';
import { cancellable } from '../run/interrupt.js';
import type { RunOutcome } from '../run/outcome.js';
import type { Terminal } from '../terminal.js';

/** `locscale surfer`: finds detergent, nanodisc and membrane, and removes them. */
export function registerSurfer(program: Command, terminal: Terminal): void {
  const command = program
    .command('surfer')
    .description('find detergent, nanodisc and membrane around a protein and remove them from a map')
    .usage('-em MAP | -hm HALF1 HALF2  [-ma MASK] [--target MAP] [--threshold 0.5] [--smoothing 5] [-o OUT]')
    .allowExcessArguments(false);
  addOptions(command, surferOptions).action(async () => {
    const started = performance.now();
    const request = surferRequest(givenOptions(command, surferOptions), process.cwd());
    const outcome = await cancellable((signal) => evaluateRequest(request, null, terminal, signal));
    const context = await contextOf(outcome);
    await drawPicture(request, outcome);
    const seconds = (performance.now() - started) / 1000;
    const { job, files, timings, warnings } = outcome;
    if (request.json) {
      terminal.print(
        JSON.stringify({
          ok: true,
          command: 'surfer',
          job,
          output: request.output,
          files,
          context,
          timings,
          warnings,
          seconds,
        }),
      );
      return;
    }
    if (request.verbose)
      for (const line of verboseLines({ ok: true, output: request.output, ...outcome, seconds, notes: [] }))
        terminal.note(line);
    else for (const warning of warnings) terminal.note(`Warning (${warning.kind}): ${warning.message}`);
    terminal.print(request.output);
    terminal.print(`${context === null ? '' : `${contextLine(context)}, `}${duration(seconds)}`);
  });
}

/** Writes the picture that is asked for, from the files of the run. */
async function drawPicture({ picture, cleaned }: SurferRequest, { files }: RunOutcome): Promise<void> {
  if (picture === null) return;
  const read = async (path: string | undefined): Promise<Float32Array> =>
    path === undefined ? new Float32Array(0) : (await readVolume(path)).voxels;
  const written = (role: string): Promise<Float32Array> => read(files.find((file) => file.role === role)?.path);
  const { grid, voxels: before } = await readVolume(cleaned);
  const [after, mask] = [await written('cleaned'), await written('contextMask')];
  await writeFile(picture, contextPicture({ shape: grid.shape, before, after, mask }));
}

/** The part of the record that the command tells of. */
const recordSchema = z.object({
  network: z.object({ name: z.string() }),
  context: z.object({
    components: z.number(),
    volumes: z.array(z.number()),
    contextVolume: z.number(),
    allVolume: z.number(),
    highest: z.number(),
  }),
});
type ContextRecord = z.infer<typeof recordSchema>['context'] & { readonly network: string };

async function contextOf({ files }: RunOutcome): Promise<ContextRecord | null> {
  const path = files.find(({ role }) => role === 'sidecar')?.path;
  const text = path === undefined ? null : await readFile(path, 'utf8').catch(() => null);
  const parsed = text === null ? null : recordSchema.safeParse(JSON.parse(text));
  return parsed?.success === true ? { ...parsed.data.context, network: parsed.data.network.name } : null;
}

const rounded = (volume: number): string => Math.round(volume).toLocaleString('en');

function contextLine({ components, contextVolume, allVolume, network }: ContextRecord): string {
  if (components === 0) return `no context found (${network})`;
  const pieces = components === 1 ? 'one piece' : `${components} pieces of ${rounded(allVolume)} Å³`;
  return `context of ${rounded(contextVolume)} Å³ in ${pieces} (${network})`;
}
