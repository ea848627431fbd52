#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace locscale::refine {

/** Points sorted into cubes, to find those near a place. Empty space costs nothing. */
class Cells {
 public:
  /** `positions`: x, y, z of each point; `edge` of the cubes: the distance that will be asked for. */
  Cells(std::span<const double> positions, double edge);

  /** Calls body(index, squared distance) for every point within `edge` of p, in an order that the points decide. */
  template <typename Body>
  void forNear(const double* p, const Body& body) const {
    const Cell at = cellOf(p);
    // Cubes are ordered by x, y, z: three neighbours along z lie in one stretch.
    for (int dx = -1; dx <= 1; ++dx) {
      for (int dy = -1; dy <= 1; ++dy) {
        const auto [begin, end] = stretch({at[0] + dx, at[1] + dy, at[2] - 1});
        for (std::size_t k = begin; k < end; ++k) {
          const double* q = &positions_[3 * order_[k]];
          const double x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
          const double square = x * x + y * y + z * z;
          if (square <= edge_ * edge_) body(order_[k], square);
        }
      }
    }
  }

 private:
  using Cell = std::array<std::int64_t, 3>;

  Cell cellOf(const double* position) const;
  /** Places in `order_` of the points of this cube and the two behind it along z. */
  std::array<std::size_t, 2> stretch(const Cell& first) const;

  std::span<const double> positions_;
  double edge_;
  std::vector<std::uint32_t> order_;
  std::vector<Cell> sorted_;  ///< cube of each point, in the order of `order_`
};

}  // namespace locscale::refine
