import { toMeasurement, type Bench, type Finding } from '../measurement.js';
import { describeMachine, type Machine } from './machine.js';
import { heading, row } from './table.js';

/** Where the findings go as they come. */
export interface Reporter {
  readonly begin: (machine: Machine) => void;
  readonly beginBench: (bench: Bench) => void;
  readonly report: (bench: Bench, finding: Finding) => void;
  readonly note: (text: string) => void;
}

/** A table for people. */
export const tableReporter: Reporter = {
  begin: (machine) => console.log(`${describeMachine(machine)}\n${machine.command}`),
  beginBench: (bench) => console.log(`\n${bench.name}: ${bench.about}\n${heading}`),
  report: (bench, finding) => console.log(row(toMeasurement(bench.name, finding))),
  note: (text) => console.log(`  ${text}`),
};

/** One JSON object a line on standard output and nothing else there; notes go to standard error. */
export const jsonReporter: Reporter = {
  begin: (machine) =>
    console.log(
      JSON.stringify({
        ...toMeasurement('machine', { case: describeMachine(machine), value: machine.cores, unit: 'cores' }),
        machine,
      }),
    ),
  beginBench: (bench) => console.error(`${bench.name}: ${bench.about}`),
  report: (bench, finding) => console.log(JSON.stringify(toMeasurement(bench.name, finding))),
  note: (text) => console.error(`  ${text}`),
};
