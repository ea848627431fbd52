#pragma once

#include <cstddef>
#include <vector>

#include "kernels/control.h"
#include "kernels/fsc/shells.h"
#include "kernels/threads.h"

namespace locscale::fsc {

/**
 * Sums `Sum` over every shell: calls `add(sum, coefficient index)` for each stored coefficient of a kept shell.
 * One partial result per section, added up in order, so that the result does not depend on the number of threads.
 */
template <typename Sum, typename Add>
std::vector<Sum> sumShells(const Shape& shape, int threads, const Control& control, const Add& add) {
  const Shells shells(shape);
  const int count = shells.count(), columns = shape.halfX();
  std::vector<std::vector<Sum>> sections(shape.z);
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    auto& sums = sections[z];
    sums.resize(count);
    std::size_t index = z * shape.halfSection();
    for (int y = 0; y < shape.y; ++y) {
      const double radius2 = shells.rowRadius2(static_cast<int>(z), y);
      for (int x = 0; x < columns; ++x, ++index) {
        const int shell = shells.of(radius2, x);
        if (shell < count) add(sums[shell], index);
      }
    }
    control.advance(1);
  });

  std::vector<Sum> total(count);
  for (const auto& sums : sections) {
    for (int shell = 0; shell < count; ++shell) total[shell] += sums[shell];
  }
  return total;
}

}  // namespace locscale::fsc
