#pragma once

#include <span>

#include "kernels/model/atoms.h"

namespace locscale::oracle {

/**
 * The density of atoms as gemmi's own calculator puts it on the grid (P1, periodic), with its table of electron
 * scattering factors; blur stays in. The origin of the box must be 0. Returns the seconds of processor time that it
 * took.
 */
double gemmiDensity(const model::Atoms& atoms, const model::Box& box, double blur, std::span<float> map);

}  // namespace locscale::oracle
