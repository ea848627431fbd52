#pragma once

#include <array>
#include <cstddef>

namespace locscale::model {

/** Heaviest element of the table: californium. */
inline constexpr int kHeaviestElement = 98;
inline constexpr int kGaussians = 5;

/** Electron scattering factor of a neutral atom: f(s) = sum of a[k] exp(-b[k] s^2 / 4), s = 1 / d. */
struct Scattering {
  std::array<double, kGaussians> a, b;
};

/**
 * Stands in the place of an atomic number for a pseudo-atom, which may be any atom of a protein: the mean of 63 %
 * carbon, 17 % nitrogen and 20 % oxygen.
 */
inline constexpr int kMeanProteinAtom = 99;

/** Of the element with this atomic number, 1 to kHeaviestElement, or of kMeanProteinAtom. */
const Scattering& scattering(int atomicNumber) noexcept;

}  // namespace locscale::model
