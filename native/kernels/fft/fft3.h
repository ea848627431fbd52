#pragma once

#include <complex>
#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::fft {

/**
 * Three-dimensional transforms between a real array (z, y, x) and its half spectrum (z, y, x/2+1):
 * F(k) = sum_n f(n) exp(-2 pi i k n / N), not normalised; the inverse divides by nz*ny*nx. Any sizes, odd ones too.
 * Computed section by section and then along z, so that every thread works on its own part and the real array
 * needs no second copy in the precision of the transform. Progress counts sections and rows of columns: nz + ny.
 *
 * `Voxel` may be float with `Real` double: each section is widened on the way in.
 */
template <typename Real, typename Voxel>
void forward(std::span<const Voxel> real, const Shape& shape, std::span<std::complex<Real>> spectrum, int threads,
             const Control& control);

/** The inverse of `forward`, 1/N included. Overwrites `spectrum`. */
template <typename Real>
void inverse(std::span<std::complex<Real>> spectrum, const Shape& shape, std::span<Real> real, int threads,
             const Control& control);

}  // namespace locscale::fft
