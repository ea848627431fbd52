/** One process of a parallel run, as the launcher that started it says. */
export interface Launch {
  readonly rank: number;
  /** Processes of the run. */
  readonly size: number;
  /** What started it, for messages. */
  readonly launcher: string;
  /** What tells this run from others, as far as the launcher says; the same for all ranks. */
  readonly run: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Family {
  readonly launcher: string;
  readonly rank: string;
  readonly size: readonly string[];
  /** Set only where this launcher started the process itself. */
  readonly mark: string;
  readonly run: readonly string[];
}

const batchJobs = ['SLURM_JOB_ID', 'PBS_JOBID', 'LSB_JOBID', 'JOB_ID'];

/**
 * Launchers by what they leave in the environment. The order matters: inside a Slurm job, mpirun starts its helpers with srun, whose
 * variables come along. A batch script has `SLURM_PROCID` and `SLURM_NTASKS`, too, though srun did not start it; a step has its number.
 */
const families: readonly Family[] = [
  {
    launcher: 'mpirun',
    rank: 'OMPI_COMM_WORLD_RANK',
    size: ['OMPI_COMM_WORLD_SIZE'],
    mark: 'OMPI_COMM_WORLD_SIZE',
    run: ['PMIX_NAMESPACE', 'OMPI_MCA_ess_base_jobid'],
  },
  // MPICH, Intel MPI and their relatives.
  { launcher: 'mpirun', rank: 'PMI_RANK', size: ['PMI_SIZE'], mark: 'PMI_SIZE', run: ['PMI_JOBID', ...batchJobs] },
  {
    launcher: 'srun',
    rank: 'SLURM_PROCID',
    size: ['SLURM_STEP_NUM_TASKS', 'SLURM_NTASKS'],
    mark: 'SLURM_STEP_ID',
    run: ['SLURM_JOB_ID', 'SLURM_STEP_ID'],
  },
];

/** Which process of which parallel run this is; null when no launcher started it, or started it alone. */
export function launchOf(env: Environment = process.env): Launch | null {
  for (const { launcher, mark, run, ...names } of families) {
    if (env[mark] === undefined) continue;
    const rank = wholeNumber(env[names.rank]);
    const size = names.size.map((name) => wholeNumber(env[name])).find((value) => value !== null) ?? null;
    if (rank === null || size === null || rank >= size) continue;
    if (size === 1) return null;
    return { rank, size, launcher, run: run.map((name) => env[name] ?? '').join(' ') };
  }
  return null;
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/u.test(text) ? Number(text) : null;
