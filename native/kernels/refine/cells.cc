#include "kernels/refine/cells.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace locscale::refine {

Cells::Cells(std::span<const double> positions, double edge)
    : positions_(positions), edge_(edge), order_(positions.size() / 3) {
  std::vector<Cell> cells(order_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cellOf(&positions[3 * i]);
  std::iota(order_.begin(), order_.end(), 0U);
  std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return cells[a] < cells[b]; });
  sorted_.reserve(cells.size());
  for (const std::uint32_t i : order_) sorted_.push_back(cells[i]);
}

Cells::Cell Cells::cellOf(const double* position) const {
  Cell cell;
  // Coordinates may be any finite number; so far out, cubes need not be told apart.
  constexpr double kFarthest = 1e12;
  for (int i = 0; i < 3; ++i) {
    cell[i] = static_cast<std::int64_t>(std::clamp(std::floor(position[i] / edge_), -kFarthest, kFarthest));
  }
  return cell;
}

std::array<std::size_t, 2> Cells::stretch(const Cell& first) const {
  const Cell last{first[0], first[1], first[2] + 2};
  const auto begin = std::lower_bound(sorted_.begin(), sorted_.end(), first);
  const auto end = std::upper_bound(begin, sorted_.end(), last);
  return {static_cast<std::size_t>(begin - sorted_.begin()), static_cast<std::size_t>(end - sorted_.begin())};
}

}  // namespace locscale::refine
