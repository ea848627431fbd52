#pragma once

#include <cstddef>
#include <span>
#include <variant>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::filter {

/**
 * Low-pass with a tanh edge (scaling.md 11): with the cut-off fc and f in cycles per voxel,
 *   gain(f) = (tanh(pi (f + fc) / (0.2 fc)) - tanh(pi (f - fc) / (0.2 fc))) / 2.
 */
double tanhLowPass(double frequency, double cutoff) noexcept;

/** Low-pass at `lowPass` times high-pass (1 - low-pass) at `highPass`, cycles per voxel; 0 leaves either one out. */
struct TanhBand {
  double lowPass = 0, highPass = 0;
};

/**
 * exp(b f^2 / 4) at the true frequency f, with b in voxels squared (B in square angstrom over the voxel size squared).
 * A positive b sharpens. Beyond the Nyquist frequency the gain stays that of 0.5 cycles per voxel: the corners of the
 * spectrum hold noise, which would otherwise be amplified most.
 */
struct GlobalB {
  double b = 0;
};

/** One gain for each shell of fsc::Shells, and the gain of everything beyond the last one. */
struct ShellGains {
  std::span<const double> gains;
  double beyond = 1;
};

using RadialGain = std::variant<TanhBand, GlobalB, ShellGains>;

/**
 * Multiplies every Fourier coefficient of `map` by the gain of its frequency, in double precision; `Out` is the
 * precision of the result (double for kernels that go on with it). Any shape, odd edges too: frequencies are true ones
 * in cycles per voxel, so that boxes that are no cubes are filtered by spheres.
 * Memory beyond the arrays: 8 bytes per voxel, 16 with a float result.
 */
template <typename Out>
void applyRadialGain(std::span<const float> map, const Shape& shape, const RadialGain& gain, std::span<Out> filtered,
                     int threads, const Control& control);

/** Units of progress that applyRadialGain counts. */
std::int32_t radialGainUnits(const Shape& shape) noexcept;

}  // namespace locscale::filter
