import { type Findings, type MeasuredMap, measuredMaps } from '../analysis/compare.js';
import { type Curve, resolutionAt } from '../analysis/fsc.js';
import { linePlot, resolutionTicks, type Series, type SeriesStyle } from './plot.js';

const names: Readonly<Record<MeasuredMap, { readonly label: string; readonly style: SeriesStyle }>> = {
  unsharpened: { label: 'unsharpened', style: 'before' },
  global: { label: 'one global B', style: 'global' },
  sharpened: { label: 'sharpened locally', style: 'after' },
};

const fscTicks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((v) => [v, v.toFixed(1)] as const);

const resolutionAxis = (nyquist: number) => ({
  label: 'resolution (Å)',
  range: [0, nyquist] as const,
  ticks: resolutionTicks([20, 10, 6, 4, 3.5, 3, 2.5, 2.2, 2].filter((d) => 1 / d <= nyquist + 1e-9)),
});

const asPoints = ({ frequency, value }: Curve, from = 0): (readonly [number, number])[] =>
  [...value].flatMap((v, i) => ((frequency[i] as number) >= from ? [[frequency[i] as number, v] as const] : []));

/** Resolution as text, e.g. `3.2 Å`. */
export const angstrom = (d: number | null): string => (d === null ? 'not reached' : `${d.toFixed(1)} Å`);

const fscLine = (map: MeasuredMap, curve: Curve): Series => ({
  label: `${names[map].label}: 0.5 at ${angstrom(resolutionAt(curve, 0.5))}`,
  style: names[map].style,
  points: asPoints(curve),
});

const fscPlot = (title: string, nyquist: number, series: readonly Series[]): string =>
  linePlot({
    title,
    x: resolutionAxis(nyquist),
    y: { label: 'Fourier shell correlation', range: [-0.05, 1.03], ticks: fscTicks },
    levels: [
      [0.5, '0.5'],
      [0.143, '0.143'],
    ],
    series,
  });

/** FSC of each map against the truth inside the soft mask, with the half-map FSC beside it. */
export const maskedFscFigure = (findings: Findings, nyquist: number): string =>
  fscPlot('FSC against the truth, inside the soft mask', nyquist, [
    ...measuredMaps.map((map) => fscLine(map, findings.maps[map].fscMasked)),
    {
      label: `half map against half map: 0.143 at ${angstrom(findings.resolution)}`,
      style: 'half',
      points: asPoints(findings.halfMapFsc),
    },
  ]);

/** FSC against the truth over the whole box. */
export const wholeFscFigure = (findings: Findings, nyquist: number): string =>
  fscPlot('FSC against the truth, whole box', nyquist, [
    fscLine('unsharpened', findings.fscWhole.unsharpened),
    fscLine('sharpened', findings.fscWhole.sharpened),
  ]);

/** log10 of the mean amplitude per shell; each map scaled to the truth's mean log amplitude from 10 to 5 Å. */
export const amplitudeFigure = (findings: Findings, nyquist: number): string => {
  const logs = ({ frequency, value }: Curve): (readonly [number, number])[] =>
    asPoints({ frequency, value: value.map((v) => Math.log10(Math.max(v, 1e-12))) }, 1 / 40);
  const level = (points: readonly (readonly [number, number])[]): number => {
    const band = points.filter(([f]) => f >= 1 / 10 && f <= 1 / 5);
    return band.reduce((sum, [, v]) => sum + v, 0) / band.length;
  };
  const target = level(logs(findings.truthAmplitude));
  const curve = (label: string, style: SeriesStyle, of: Curve): Series => {
    const points = logs(of);
    const shift = target - level(points);
    return { label, style, points: points.map(([f, v]) => [f, v + shift - target] as const) };
  };
  return linePlot({
    title: 'Radial amplitude profiles, inside the soft mask',
    x: resolutionAxis(nyquist),
    y: {
      label: 'log₁₀ mean amplitude (10–5 Å = 0)',
      range: [-3, 1],
      ticks: [-3, -2, -1, 0, 1].map((v) => [v, String(v).replace('-', '−')] as const),
    },
    series: [
      curve('truth', 'truth', findings.truthAmplitude),
      curve('reference', 'reference', findings.referenceAmplitude),
      curve('unsharpened', 'before', findings.maps.unsharpened.amplitude),
      curve('one global B', 'global', findings.maps.global.amplitude),
      curve('sharpened locally', 'after', findings.maps.sharpened.amplitude),
    ],
  });
};

/** Local contrast relative to the truth along the B-factor. */
export const contrastFigure = (findings: Findings): string =>
  linePlot({
    title: 'Local contrast relative to the truth',
    x: {
      label: 'B-factor of the nearest atom (Å²)',
      range: [0, 150],
      ticks: [0, 30, 60, 90, 120, 150].map((b) => [b, String(b)] as const),
    },
    y: {
      label: 'contrast / truth (median = 1)',
      range: [0, 2],
      ticks: [0, 0.5, 1, 1.5, 2].map((v) => [v, v.toFixed(1)] as const),
    },
    levels: [[1, '']],
    series: measuredMaps.map((map): Series => {
      const bins = findings.maps[map].contrast;
      return {
        ...names[map],
        points: bins.map((bin) => [bin.bFactor, bin.median] as const),
        band: bins.map((bin) => [bin.lowerQuartile, bin.upperQuartile] as const),
        markers: true,
      };
    }),
  });
