#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/shape.h"

namespace locscale::model {

/** Atoms as columns, as JavaScript holds them; what every calculation with a model starts from. */
struct Atoms {
  std::span<const double> positions;       ///< x, y, z of each atom, angstrom
  std::span<const std::uint8_t> elements;  ///< atomic numbers, 1 to kHeaviestElement, or kMeanProteinAtom
  std::span<const float> bFactors;         ///< isotropic, square angstrom
  std::span<const float> occupancies;

  std::size_t size() const noexcept { return elements.size(); }
};

/** Where the voxels of a map lie: vectors are (x, y, z) in angstrom, `origin` is the centre of voxel [0,0,0]. */
struct Box {
  Shape shape;
  std::array<double, 3> voxelSize, origin;

  /** Number of voxels along x, y, z. */
  std::array<int, 3> edges() const noexcept { return {shape.x, shape.y, shape.z}; }
};

/**
 * Copies of the atoms: rotations and shifts as rows of a 3 x 4 matrix, 12 numbers each, x' = R x + t in angstrom, and
 * the share of its occupancy that each copy gets (1 / n averages, 1 builds the assembly). No operators: the atoms
 * alone.
 */
struct Copies {
  std::span<const double> operators;
  double weight = 1;

  std::size_t count() const noexcept { return operators.empty() ? 1 : operators.size() / 12; }
};

/** Position of an atom under copy number `copy`. */
inline std::array<double, 3> placed(const Atoms& atoms, std::size_t atom, const Copies& copies, std::size_t copy) {
  const double* p = &atoms.positions[3 * atom];
  if (copies.operators.empty()) return {p[0], p[1], p[2]};
  const double* m = &copies.operators[12 * copy];
  std::array<double, 3> moved;
  for (int i = 0; i < 3; ++i) moved[i] = m[4 * i] * p[0] + m[4 * i + 1] * p[1] + m[4 * i + 2] * p[2] + m[4 * i + 3];
  return moved;
}

/** Index modulo n, never negative. */
constexpr int wrapped(int index, int n) noexcept {
  const int rest = index % n;
  return rest < 0 ? rest + n : rest;
}

}  // namespace locscale::model
