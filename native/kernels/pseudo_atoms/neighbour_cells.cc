#include "kernels/pseudo_atoms/neighbour_cells.h"

#include <algorithm>
#include <limits>

#include "kernels/pseudo_atoms/blocks.h"

namespace locscale::pseudo {

namespace {

/** Cubes for each atom at most, so that atoms far apart cost no memory. */
constexpr double kMostCells = 64;
/** Edge of a cube over the reach: small cubes hold fewer atoms beyond it, large ones are fewer to visit. */
constexpr double kEdge = 0.5;

}  // namespace

NeighbourCells::NeighbourCells(std::span<const Point> atoms, double reach) : reach_(reach), edge_(kEdge * reach) {
  Point high;
  if (!atoms.empty()) low_ = high = atoms.front();
  for (const Point& p : atoms) {
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y), std::min(low_.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  const Point size = high - low_;
  const auto count = [&](double length) { return std::floor(length / edge_) + 1; };
  while (count(size.x) * count(size.y) * count(size.z) > kMostCells * (static_cast<double>(atoms.size()) + 64))
    edge_ *= 1.25;
  nx_ = static_cast<int>(count(size.x)), ny_ = static_cast<int>(count(size.y)), nz_ = static_cast<int>(count(size.z));

  std::vector<std::size_t> cells(atoms.size());
  starts_.assign(static_cast<std::size_t>(nx_) * ny_ * nz_ + 1, 0);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Point offset = atoms[i] - low_;
    cells[i] = (static_cast<std::size_t>(cell(offset.z, nz_)) * ny_ + cell(offset.y, ny_)) * nx_ + cell(offset.x, nx_);
    ++starts_[cells[i] + 1];
  }
  for (std::size_t c = 1; c < starts_.size(); ++c) starts_[c] += starts_[c - 1];
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  order_.resize(atoms.size());
  positions_.resize(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::uint32_t place = next[cells[i]]++;
    order_[place] = static_cast<std::uint32_t>(i);
    positions_[place] = atoms[i];
  }
}

std::vector<double> nearestNeighbours(std::span<const Point> atoms, double reach, int threads) {
  const NeighbourCells cells(atoms, reach);
  std::vector<double> nearest(atoms.size());
  overAtoms(atoms.size(), threads, [&](std::size_t i) {
    double least = reach * reach;
    bool found = false;
    cells.near(atoms[i], [&](std::uint32_t j, const Point& p) {
      const Point d = atoms[i] - p;
      const double square = d.dot(d);
      if (j == i || square > least) return;
      least = square;
      found = true;
    });
    nearest[i] = found ? std::sqrt(least) : std::numeric_limits<double>::infinity();
  });
  return nearest;
}

}  // namespace locscale::pseudo
