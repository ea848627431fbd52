import { type Findings, type Measurement, measuredMaps } from '../analysis/compare.js';
import { amplitudeFigure, angstrom, contrastFigure, maskedFscFigure, wholeFscFigure } from './figures.js';
import { escapeText } from './plot.js';
import { styleSheet } from './style.js';

export interface Timing {
  readonly part: string;
  readonly seconds: number;
}

export interface PageContent {
  readonly findings: Findings;
  readonly slices: string;
  readonly timings: readonly Timing[];
  /** Name and value of everything that one needs to make the page again. */
  readonly provenance: readonly (readonly [name: string, value: string])[];
  /** Files beside the page, and what they hold. */
  readonly files: readonly (readonly [path: string, what: string])[];
  /** Highest frequency of the plots, 1/Å. */
  readonly nyquist: number;
  readonly globalB: number;
}

const two = (value: number): string => value.toFixed(2);

const correlationTable = ({ classes, maps }: Findings): string => {
  const rows = classes.map(({ label, voxels }, i) => {
    const [before, global, after] = measuredMaps.map((map) => maps[map].correlations[i] ?? NaN);
    const change = (after ?? NaN) - (before ?? NaN);
    const sign = change >= 0 ? '+' : '−';
    return `<tr><td>${escapeText(label)}</td><td>${voxels.toLocaleString('en')}</td><td>${(before ?? NaN).toFixed(3)}</td><td>${(global ?? NaN).toFixed(3)}</td><td>${(after ?? NaN).toFixed(3)}</td><td class="${change >= 0 ? 'up' : 'down'}">${sign}${Math.abs(change).toFixed(3)}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>part of the molecule</th><th>voxels</th><th>unsharpened</th><th>one global B</th><th>sharpened locally</th><th>change</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
};

/** Contrast of the last B-factor bin over that of the first. */
const flexibleOverOrdered = ({ contrast }: Measurement): number =>
  (contrast.at(-1)?.median ?? NaN) / (contrast[0]?.median ?? NaN);

const keyNumbers = ({ maps, resolution }: Findings): string => {
  const { unsharpened, sharpened } = maps;
  const cell = (number: string, text: string): string => `<div><b>${number}</b><span>${text}</span></div>`;
  return `<div class="key">${[
    cell(
      `${two(unsharpened.correlations[0] ?? NaN)} → ${two(sharpened.correlations[0] ?? NaN)}`,
      'real-space correlation with the truth over the molecule, before and after',
    ),
    cell(
      `${two(unsharpened.profileMismatch)} → ${two(sharpened.profileMismatch)}`,
      'mismatch of the amplitude fall-off with the truth’s, 10 Å to the resolution (r.m.s. of the log ratio; 0 = equal)',
    ),
    cell(
      `${two(flexibleOverOrdered(unsharpened))} → ${two(flexibleOverOrdered(sharpened))}`,
      'local contrast of the most flexible over the best ordered modelled parts, as a multiple of the truth’s (1 = as in the truth)',
    ),
    cell(angstrom(resolution), 'resolution of the half maps (FSC 0.143, soft mask): scaling does not change it'),
  ].join('')}</div>`;
};

const timingTable = (timings: readonly Timing[]): string => {
  const longest = Math.max(...timings.map(({ seconds }) => seconds));
  const total = timings.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = timings.map(
    ({ part, seconds }) =>
      `<tr><td>${escapeText(part)}</td><td>${two(seconds)} s</td><td style="text-align:left"><span class="bar" style="width:${Math.max(2, Math.round((150 * seconds) / longest))}px"></span></td></tr>`,
  );
  return `<table><tbody>${rows.join('')}<tr><td><b>all</b></td><td><b>${two(total)} s</b></td><td></td></tr></tbody></table>`;
};

const pairs = (rows: readonly (readonly [string, string])[], code: boolean): string =>
  `<table><tbody>${rows
    .map(
      ([name, value]) =>
        `<tr><td>${code ? `<code>${escapeText(name)}</code>` : escapeText(name)}</td><td style="text-align:left">${escapeText(value)}</td></tr>`,
    )
    .join('')}</tbody></table>`;

/** The whole page as one HTML document that asks nothing of the network. */
export const renderPage = ({
  findings,
  slices,
  timings,
  provenance,
  files,
  nyquist,
  globalB,
}: PageContent): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>LocScale demonstration: local sharpening of a simulated map</title><style>${styleSheet}</style></head><body><main>
<h1>Local sharpening of a simulated cryo-EM map</h1>
<p class="lead">A protein-like structure built in code, imaged as two noisy half maps, and sharpened by the LocScale daemon against the map of an imperfect model. Because the structure is known, every step can be compared with the truth.</p>
${keyNumbers(findings)}
<h2>Slices</h2>
<p class="soft">The same grey rule for every picture: white at the 99.7 % quantile over the molecule, black a quarter as far below zero. Single sections, one voxel thick.</p>
${slices}
<h2>How well does the map agree with the truth?</h2>
<p>Real-space correlation with the truth, over all voxels within 3 Å of an atom and by the B-factor of the nearest atom. The last row is the disordered tail, which the reference model leaves out on purpose: where the reference is empty, local scaling has nothing to scale to and fades the density. That is the method’s known limit, not a detail of this run.</p>
${correlationTable(findings)}
<div class="plots">
<div>${amplitudeFigure(findings, nyquist)}<p>Scaling moves the fall-off of every part of the map towards the reference’s. It stays somewhat below, because windows with hard edges leak from the strong low frequencies of a blurred map into its weak high ones (it does so without any noise, too); leakage and noise are what is left beyond the resolution.</p></div>
<div>${contrastFigure(findings)}<p>Standard deviation in cubes of 11 Å, divided by the truth’s; band: quartiles. A flat line at 1 means that ordered and flexible parts stand out as strongly, compared with each other, as they do in the truth. The unmodelled tail is left out.</p></div>
<div>${maskedFscFigure(findings, nyquist)}<p>FSC compares phases and relative amplitudes within a shell; multiplying a whole shell changes nothing. One gain for the whole map leaves the curve exactly where it was (violet lies on orange as far as its low-pass lets it); local gains move it a little, because they weigh ordered and noisy places differently.</p></div>
<div>${wholeFscFigure(findings, nyquist)}<p>Without a mask, the sharpened map gains mostly because everything outside the mask is set to zero: solvent noise is gone. This is not a gain in resolution.</p></div>
</div>
<h2>What this page shows, and what it cannot</h2>
<ul class="notes">
<li>Local scaling changes <b>contrast only</b>: it re-weights the spatial frequencies around each voxel. Phases still come from the half maps, and no information is added; resolution by half-map FSC stays what it was.</li>
<li>FSC against the truth is therefore a check that nothing was damaged, not a measure of success. Correlation in real space, the amplitude profile and the local contrast are what scaling is meant to improve.</li>
<li>The reference here is kind: the true structure with small errors of position and B-factor. With a wrong model the local spectrum would be wrong in the same places.</li>
<li>“One global B” takes off B = ${globalB} Å², exactly the blur that the simulation put at the centre of the particle, and low-passes at the resolution. Nobody knows that number for a real map, so it stands for the best case of global sharpening.</li>
<li>The truth is simulated. Real maps also have solvent, radiation damage, mixed conformations, and errors of the contrast transfer function.</li>
</ul>
<div class="facts"><div><h2>Time</h2>${timingTable(timings)}</div><div><h2>Provenance</h2>${pairs(provenance, false)}</div></div>
<h2>Files beside this page</h2>
${pairs(files, true)}
<pre>chimerax structure.cif unsharpened.mrc sharpened.mrc truth.mrc</pre>
</main></body></html>
`;
