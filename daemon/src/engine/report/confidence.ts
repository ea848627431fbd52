import type { ConfidencePart, NetworkPart } from '../../report/index.js';
import type { ConfidenceScore } from '../steps/confidence-score.js';
import { valueText } from './record.js';

const bins = 40;
/** Where LocScale's colours change. */
const borders = [80, 95] as const;

/** Distribution of the score over the mask, and the diagnostics of its errors. */
export function confidencePart(
  { pvddt, levels, reliability, voxels }: ConfidenceScore,
  mask: Uint8Array,
): ConfidencePart {
  const counts = new Array<number>(bins).fill(0);
  const added = borders.map(() => 0);
  const removed = borders.map(() => 0);
  let counted = 0;
  for (const [i, score] of pvddt.entries()) {
    if (mask[i] !== 1) continue;
    counted++;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((score + 100) / 200) * bins)));
    counts[bin] = (counts[bin] as number) + 1;
    for (const [at, border] of borders.entries()) {
      if (score > border) added[at] = (added[at] as number) + 1;
      if (score < -border) removed[at] = (removed[at] as number) + 1;
    }
  }
  if (counted === 0) throw new Error('the mask is empty');
  const share = (count: number | undefined): number => (count ?? 0) / counted;
  return {
    shares: counts.map(share),
    beyond: borders.flatMap((border, at) => [
      { name: `added, beyond +${border}`, share: share(added[at]) },
      { name: `taken away, beyond -${border}`, share: share(removed[at]) },
    ]),
    levels,
    reliability,
    voxels,
  };
}

/** What the record says of the network, one property a row; sharpening has it among its parameters. */
export function networkPart(provenance: Readonly<Record<string, unknown>>): NetworkPart | undefined {
  const { network, parameters, prediction } = provenance;
  const inParameters = isRecord(parameters) ? parameters['network'] : undefined;
  const found = isRecord(network) ? network : isRecord(inParameters) ? inParameters : null;
  if (found === null) return undefined;
  const computed = isRecord(prediction) ? prediction : {};
  const named: readonly (readonly [string, unknown])[] = [
    ['Name', found['name']],
    ['SHA-256 of the graph', found['sha256']],
    ['Source', found['source']],
    ['Weights', found['parameters']],
    ['Trained on', found['trainingData']],
    ['Licence', found['licence']],
    ['Notes', found['notes']],
    ['Cubes predicted', computed['cubes']],
    ['Computed by', computed['provider']],
  ];
  return {
    facts: named.flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [{ name, value: words(value) }],
    ),
  };
}

const words = (value: unknown): string =>
  isRecord(value)
    ? Object.entries(value)
        .filter(([, each]) => each !== null && each !== undefined)
        .map(([name, each]) => `${name} ${valueText(each)}`)
        .join(', ')
    : valueText(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
