#include "kernels/refine/restraints.h"

#include <algorithm>

#include "kernels/refine/cells.h"

namespace locscale::refine {

namespace {

constexpr double kReach = 4;
/** Pseudo-atoms say little each: their weight over that of atoms, 3 / 0.5 (adp-refinement.md 5). */
constexpr double kPseudo = 6;

double weightAt(double square) {
  const double sigma = square < 1.9 * 1.9 ? 0.10 : square < 2.7 * 2.7 ? 0.15 : 0.5;
  return 1 / (sigma * sigma * std::max(1.0, square / 4));
}

}  // namespace

Restraints::Restraints(const model::Atoms& atoms, std::span<const std::uint8_t> pseudo) : diagonal_(atoms.size()) {
  const Cells cells(atoms.positions, kReach);
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    cells.forNear(&atoms.positions[3 * i], [&](std::uint32_t j, double square) {
      if (j <= i) return;
      const bool loose = !pseudo.empty() && (pseudo[i] != 0 || pseudo[j] != 0);
      const double weight = weightAt(square) * (loose ? kPseudo : 1);
      pairs_.push_back({i, j, static_cast<float>(weight)});
      diagonal_[i] += weight;
      diagonal_[j] += weight;
    });
  }
}

void Restraints::follow(std::span<const double> trend) {
  for (auto& pair : pairs_) pair.difference = static_cast<float>(trend[pair.i] - trend[pair.j]);
}

double Restraints::add(std::span<const double> u, double lambda, std::span<double> gradient) const {
  double sum = 0;
  for (const auto& [i, j, weight, expected] : pairs_) {
    const double difference = u[i] - u[j] - expected, slope = lambda * weight * difference;
    sum += slope * difference;
    gradient[i] += slope;
    gradient[j] -= slope;
  }
  return sum / 2;
}

}  // namespace locscale::refine
