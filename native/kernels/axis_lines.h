#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"
#include "kernels/threads.h"

namespace locscale {

/** Units of progress that forEachAxisLine counts: planes of lines. */
inline std::int32_t axisLineUnits(const Shape& shape) noexcept { return 2 * shape.z + shape.y; }

/**
 * Calls `body(line, scratch)` for every line of voxels along x, then y, then z, and writes the line back: the way
 * through a separable filter in place. `scratch` has the length of the line.
 */
template <typename Body>
void forEachAxisLine(std::span<double> values, const Shape& shape, int threads, const Control& control,
                     const Body& body) {
  const std::size_t section = shape.section(), row = static_cast<std::size_t>(shape.x);
  const std::size_t longest = static_cast<std::size_t>(std::max({shape.z, shape.y, shape.x}));
  std::vector<std::vector<double>> buffers(std::max(threads, 1));
  const auto along = [&](std::size_t first, std::size_t stride, std::size_t count, std::vector<double>& buffer) {
    const std::span line(buffer.data(), count);
    for (std::size_t i = 0; i < count; ++i) line[i] = values[first + i * stride];
    body(line, std::span(buffer.data() + longest, count));
    for (std::size_t i = 0; i < count; ++i) values[first + i * stride] = line[i];
  };

  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t worker) {
    control.throwIfCancelled();
    auto& buffer = buffers[worker];
    buffer.resize(2 * longest);
    for (int y = 0; y < shape.y; ++y) along(z * section + y * row, 1, shape.x, buffer);
    for (int x = 0; x < shape.x; ++x) along(z * section + x, row, shape.y, buffer);
    control.advance(2);
  });
  parallelFor(shape.y, threads, [&](std::size_t y, std::size_t worker) {
    control.throwIfCancelled();
    auto& buffer = buffers[worker];
    buffer.resize(2 * longest);
    for (int x = 0; x < shape.x; ++x) along(y * row + x, section, shape.z, buffer);
    control.advance(1);
  });
}

}  // namespace locscale
