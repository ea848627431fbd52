#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "kernels/control.h"
#include "kernels/model/atoms.h"

namespace locscale::model {

struct Simulation {
  Atoms atoms;
  Box box;
  Copies copies;
  /** B-factor that is added while the atoms lie on the grid and taken away again afterwards; none: automaticBlur. */
  std::optional<double> blur;
  /** Cut-off of a tanh low-pass at the end, angstrom; 0 for none. */
  double resolution = 0;
};

struct Simulated {
  double blur = 0;
  std::size_t outside = 0;  ///< atoms (each copy counted) outside the box, left out
};

/**
 * The least B-factor, of atom and blur together, that a grid of this voxel size carries: kSampledB times its square.
 * What lies at a frequency s is mirrored at the Nyquist frequency N = 1 / 2g to 2N - s; with the B-factor B the mirror
 * image is exp(-B N^2 (1 - s/N)) of what belongs there: at 0.8 N below 10^-3 for B = 138 g^2. Refmac and gemmi take
 * 71.8 g^2 (8 pi^2 / 1.1), where it is 3 %, and rely on grids finer than the map's.
 */
inline constexpr double kSampledB = 140;

/** max(0, kSampledB g^2 - least B), g the largest edge of a voxel; atoms without occupancy do not count. */
double automaticBlur(const Atoms& atoms, const Box& box);

/**
 * The electron-scattering potential of a model on a map's grid, as its Fourier coefficients up to the Nyquist frequency
 * (a sphere; of the shortest if voxel edges differ) and 0 beyond; unit: that of the scattering factors, angstrom, per
 * cubic angstrom. Atoms outside the box are left out.
 * Memory beyond the map: 4 bytes a voxel and 80 an atom.
 */
Simulated simulate(const Simulation& simulation, std::span<float> map, int threads, const Control& control);

/** Units of progress that simulate counts. */
std::int32_t simulateUnits(const Shape& shape) noexcept;

}  // namespace locscale::model
