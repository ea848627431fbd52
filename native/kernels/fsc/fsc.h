#pragma once

#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::fsc {

/**
 * Fourier shell correlation of two maps, in double precision:
 *   FSC(r) = Re sum F1 conj(F2) / sqrt(sum |F1|^2 sum |F2|^2)
 * over the shells of `Shells`. The sums run over the stored half spectrum, as in LocScale: the planes x = 0 and
 * x = nx/2 count once per stored coefficient. A shell whose power is below 5e-16 gets 0; shell 0, which holds only the
 * mean, is raised to 0 (and -1 to 1), because the sign of two means says nothing about resolution.
 */
std::vector<double> fourierShellCorrelation(std::span<const float> half1, std::span<const float> half2,
                                            const Shape& shape, int threads, const Control& control);

/** Mean of |F| (transform not normalised) in every shell of `Shells`, over the stored half spectrum. */
std::vector<double> radialProfile(std::span<const float> map, const Shape& shape, int threads, const Control& control);

/**
 * Mean of |F| over one octant of every shell: the coefficients whose array indices are all at most n/2, which is what
 * LocScale averages when it does not fold indices to signed frequencies (scaling.md 10, 11). Differs from
 * `radialProfile` by 3-19 % a shell, and depends on which way the axes point.
 */
std::vector<double> octantProfile(std::span<const float> map, const Shape& shape, int threads, const Control& control);

}  // namespace locscale::fsc
