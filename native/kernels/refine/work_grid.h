#pragma once

#include <array>
#include <complex>
#include <span>

#include "kernels/control.h"
#include "kernels/fft/aligned.h"
#include "kernels/model/atoms.h"

namespace locscale::refine {

using Coefficients = fft::AlignedArray<std::complex<float>>;

/**
 * The grid that a refinement computes on: a part of the map's box around the atoms, with voxels that suit the
 * resolution: coarser than the map's as a rule, since most of a map's coefficients lie beyond the resolution and
 * transforms cost most; finer where the resolution is near the map's Nyquist limit, since atoms drawn on such a grid
 * are mirrored.
 */
struct WorkGrid {
  Shape map;                 ///< voxels of the whole map
  std::array<int, 3> first;  ///< (x, y, z) of the map's voxel where the part begins
  Shape cut;                 ///< voxels of the part
  model::Box box;            ///< the part again, on its own grid
};

/**
 * The part reaches 10 angstrom beyond the outermost atoms, or to the faces of the map; its edges are products of small
 * primes. Voxels are at most `dMin` / 2.5.
 */
WorkGrid chooseWorkGrid(const model::Atoms& atoms, const model::Box& map, double dMin);

/** B-factor, of atom and blur together, that a grid carries up to the resolution: what is mirrored at Nyquist is 1 %.
 */
double sampledB(const model::Box& box, double dMin);

/** Fourier coefficients of the map's part on the work grid, half spectrum. `mask` (0 to 1) may be empty. */
Coefficients observe(std::span<const float> map, std::span<const float> mask, const WorkGrid& grid, int threads,
                     const Control& control);

}  // namespace locscale::refine
