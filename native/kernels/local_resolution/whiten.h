// Evens out the spectrum of two half maps before they are correlated window by window.
#pragma once

#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::local {

/**
 * Divides both half maps by one radial curve, the root of the mean power of their Fourier coefficients in shells
 * (fsc::Shells), beyond the last shell by its value. The FSC of whole maps does not change; in windows much less power
 * leaks from strong shells into weak ones. Voxels that are exactly 0 stay so: filtering would fill masked-off parts of
 * the box. Scaled so that the largest gain is 1. Returns the FSC of the two, which the same spectra give. Memory beyond
 * the arrays: 8 bytes per voxel.
 */
std::vector<double> whitenHalfMaps(std::span<const float> half1, std::span<const float> half2, const Shape& shape,
                                   std::span<float> whitened1, std::span<float> whitened2, int threads,
                                   const Control& control);

}  // namespace locscale::local
