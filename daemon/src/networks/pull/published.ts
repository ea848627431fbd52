import type { Place } from '../../download/index.js';

/** A published archive of networks, and which files in it become networks of which names. */
export interface Published {
  /** The word that the user says. */
  readonly word: string;
  readonly origin: string;
  /** Record of the archive at that host. */
  readonly record: string;
  readonly file: string;
  /** Members by their base names, in order of preference, with the name of the network. */
  readonly members: readonly {
    readonly files: readonly string[];
    readonly name: string;
    readonly trainingData: string;
  }[];
  /** Word of the calibrator that belongs to these networks. */
  readonly calibrator: string;
}

/** EMmerNet as LocScale 2 fetches it. This is the only place that names a host. */
export const emmernet: Published = {
  word: 'emmernet',
  origin: 'https://zenodo.org',
  record: '8211668',
  file: 'emmernet.tar.gz',
  members: [
    {
      files: ['EMmerNet_highContext.hdf5', 'emmernet_highcontext.pt'],
      name: 'emmernet',
      trainingData: 'EMDB half maps and LocScale maps, high context (LocScale 2)',
    },
    {
      files: ['EMmerNet_lowContext.hdf5', 'emmernet_lowcontext.pt'],
      name: 'emmernet-low-context',
      trainingData: 'EMDB half maps and LocScale maps, low context (LocScale 2)',
    },
  ],
  calibrator: 'emmernet',
};

export const published: readonly Published[] = [emmernet];

/** Where a person finds the record in a browser. */
export const pageOf = ({ origin, record }: Published): string => `${origin}/records/${record}`;

/** The archive for whoever fetches it. */
export const placeOf = (source: Published): Place => ({
  origin: source.origin,
  page: pageOf(source),
  file: source.file,
});
