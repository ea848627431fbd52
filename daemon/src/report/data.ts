/**
 * What a report shows, as plain data: numbers, words and pictures that somebody else has computed. A part that is absent is
 * left out of the report. Frequencies are in 1/Å, lengths in Å, B-factors in Å² (amplitude ~ exp(-B f²/4)).
 */
export interface ReportData {
  /** Name of the map that the report is about. */
  readonly title: string;
  readonly options: readonly ReportOption[];
  /** What the map may be used for: whether density in it comes from anywhere but the data. */
  readonly origin?: DensityOrigin;
  readonly warnings?: readonly ReportWarning[];
  readonly slices?: SlicesPart;
  readonly profiles?: ProfilesPart;
  readonly fsc?: readonly FscPart[];
  readonly bfactors?: BfactorsPart;
  readonly audit?: AuditPart;
  readonly confidence?: ConfidencePart;
  readonly network?: NetworkPart;
  readonly statistics?: StatisticsPart;
  readonly provenance?: Provenance;
  /** Parts that could not be computed, with the reason; the report says so in their place. */
  readonly failures?: readonly PartFailure[];
}

export type ReportPart =
  'slices' | 'profiles' | 'fsc' | 'bfactors' | 'audit' | 'confidence' | 'network' | 'statistics' | 'provenance';

export interface PartFailure {
  readonly part: ReportPart;
  readonly reason: string;
}

export interface ReportOption {
  /** As users write it, e.g. `--window_size`. */
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  readonly source: 'given' | 'default';
}

export type DensityOrigin =
  /** Amplitudes only; every phase is the data's own. */
  | { readonly kind: 'contrast-only' }
  /** Something that is not in the data can show as density; `by` names what added it. */
  | { readonly kind: 'adds-density'; readonly by: string };

export interface ReportWarning {
  readonly kind: string;
  readonly message: string;
}

/** A curve over frequency or another axis. */
export interface Curve {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface ProfilesPart {
  /** Frequency of each shell, 1/Å. */
  readonly axis: ArrayLike<number>;
  readonly curves: readonly Curve[];
  /** Which shells, and how the transform is normalised, in one sentence. */
  readonly definition: string;
}

export interface FscPart {
  readonly title: string;
  readonly axis: ArrayLike<number>;
  readonly curves: readonly FscCurve[];
  /** The resolution that the plot marks, Å. */
  readonly marked?: number;
}

export interface FscCurve extends Curve {
  /** Resolutions in Å where the curve first falls below; null when it never does. */
  readonly crossings?: { readonly '0.143': number | null; readonly '0.5': number | null };
}

export interface SlicesPart {
  /** One for each direction: z, y, x. */
  readonly planes: readonly SlicePlane[];
  /** The rule that turned density into grey, in one sentence. */
  readonly contrast: string;
}

/** The same section of several maps. */
export interface SlicePlane {
  readonly across: 'x' | 'y' | 'z';
  /** Index of the section along that axis, and of how many. */
  readonly section: number;
  readonly sections: number;
  /** Extent of the pictures in Å. */
  readonly width: number;
  readonly height: number;
  readonly panels: readonly SlicePanel[];
}

export interface SlicePanel {
  readonly name: string;
  /** PNG file, first row on top. */
  readonly png: Uint8Array;
}

export interface BfactorsPart {
  /** Local B-factors of sampled windows, Å². */
  readonly samples: readonly Curve[];
  /** Where the samples were taken and what range was fitted, in one sentence. */
  readonly definition: string;
}

export interface AuditPart {
  readonly voxels: readonly AuditedVoxel[];
  /** How many voxels were audited, of which these are some. */
  readonly total: number;
  readonly definition: string;
}

export interface AuditedVoxel {
  /** Index (z, y, x). */
  readonly voxel: readonly [z: number, y: number, x: number];
  /** Frequency of each bin, 1/Å. */
  readonly axis: ArrayLike<number>;
  /** Amplitude profiles in the voxel's window. */
  readonly curves: readonly Curve[];
  /** Numbers that belong to the voxel, e.g. B-factor, with units. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** How far a prediction can be trusted. */
export interface ConfidencePart {
  /** pVDDT in bins of one width from -100 to 100: share of the mask voxels in each. */
  readonly shares: readonly number[];
  /** Shares of the mask voxels beyond a score, of which sign. */
  readonly beyond: readonly { readonly name: string; readonly share: number }[];
  /** How often the baseline lies within the errors that should hold it so often, at the levels of the table and of the plot. */
  readonly levels: readonly CoverageAtLevel[];
  readonly reliability: readonly CoverageAtLevel[];
  /** Voxels that were counted. */
  readonly voxels: number;
}

export interface CoverageAtLevel {
  readonly nominal: number;
  /** Calibrated standard errors. */
  readonly z: number;
  readonly observed: number;
}

/** The network that predicted, as names and values. */
export interface NetworkPart {
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export interface StatisticsPart {
  /** Names of the maps. */
  readonly maps: readonly string[];
  readonly rows: readonly StatisticsRow[];
}

export interface StatisticsRow {
  readonly name: string;
  /** Empty for a plain number. */
  readonly unit: string;
  /** One for each map; null where it is not defined or not asked for. */
  readonly values: readonly (number | null)[];
  readonly meaning: string;
}

export interface Provenance {
  readonly program: string;
  readonly version: string;
  readonly recipe?: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly inputs: readonly ReportFile[];
  readonly outputs: readonly ReportFile[];
  readonly steps: readonly ReportStep[];
}

export interface ReportFile {
  readonly role: string;
  readonly name: string;
  readonly sha256?: string;
  /** Voxels (z, y, x). */
  readonly shape?: readonly [number, number, number];
  /** Å (x, y, z). */
  readonly voxelSize?: readonly [number, number, number];
}

export interface ReportStep {
  readonly name: string;
  readonly version: number;
  readonly seconds?: number;
  /** Taken from the store of earlier results. */
  readonly reused?: boolean;
}
