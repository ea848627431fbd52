import { describe, expect, it } from 'vitest';
import { launchOf } from './launch.js';

const openMpi = { OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '4', PMIX_NAMESPACE: '1497890817' };
const hydra = { PMI_RANK: '3', PMI_SIZE: '8' };
const batch = { SLURM_JOB_ID: '17', SLURM_PROCID: '0', SLURM_NTASKS: '8' };
const srun = { ...batch, SLURM_PROCID: '5', SLURM_STEP_ID: '0', SLURM_STEP_NUM_TASKS: '6' };

describe('who started this process', () => {
  it.each([
    ['Open MPI', openMpi, { rank: 1, size: 4, launcher: 'mpirun', run: '1497890817 ' }],
    ['MPICH or Intel MPI', hydra, { rank: 3, size: 8, launcher: 'mpirun' }],
    ['srun', srun, { rank: 5, size: 6, launcher: 'srun', run: '17 0' }],
    ['mpirun, whose helpers srun started', { ...srun, ...openMpi }, { rank: 1, size: 4, launcher: 'mpirun' }],
    ['mpirun of MPICH inside a Slurm job', { ...srun, ...hydra }, { rank: 3, size: 8, launcher: 'mpirun' }],
    [
      'srun of a Slurm without the size of the step',
      { ...srun, SLURM_STEP_NUM_TASKS: undefined },
      { rank: 5, size: 8 },
    ],
  ])('%s', (_, env, launch) => {
    expect(launchOf(env)).toMatchObject(launch);
  });

  it.each([
    ['nobody', {}],
    ['a batch script, which has the numbers of its job', batch],
    ['a launcher of one process', { OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '1' }],
    ['numbers that make no sense', { PMI_RANK: '4', PMI_SIZE: '4' }],
    ['no numbers', { PMI_RANK: 'first', PMI_SIZE: '2' }],
  ])('%s: no parallel run', (_, env) => {
    expect(launchOf(env)).toBeNull();
  });
});
