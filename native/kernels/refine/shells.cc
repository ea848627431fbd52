#include "kernels/refine/shells.h"

#include <cmath>

namespace locscale::refine {

namespace {

/** Fewest coefficients of a shell. */
constexpr double kFewest = 50;

std::vector<double> squares(int count, int n, double voxelSize) {
  std::vector<double> list(count);
  for (int i = 0; i < count; ++i) {
    const double s = signedIndex(i, n) / (n * voxelSize);
    list[i] = s * s;
  }
  return list;
}

}  // namespace

Shells::Shells(const model::Box& box, double dMin) {
  const Shape& shape = box.shape;
  x_ = squares(shape.halfX(), shape.x, box.voxelSize[0]);
  y_ = squares(shape.y, shape.y, box.voxelSize[1]);
  z_ = squares(shape.z, shape.z, box.voxelSize[2]);
  // The plane at the Nyquist frequency of an even edge stands for two frequencies; no shell reaches it.
  double last = 1 / (dMin * dMin), longest = 0;
  for (int i = 0; i < 3; ++i) {
    const double nyquist = 0.5 / box.voxelSize[i];
    last = std::min(last, 0.999 * nyquist * nyquist);
    longest = std::max(longest, box.edges()[i] * box.voxelSize[i]);
  }
  const auto fine = static_cast<std::size_t>(std::ceil(std::sqrt(last) * longest));
  std::vector<double> counts(fine), sums(fine);
  for (int z = 0; z < shape.z; ++z) {
    for (int y = 0; y < shape.y; ++y) {
      for (int x = 0; x < shape.halfX(); ++x) {
        const double square = squareOfRow(z, y) + x_[x];
        if (square >= last) break;
        if (square == 0) continue;
        const auto shell = std::min(static_cast<std::size_t>(std::sqrt(square) * longest), fine - 1);
        counts[shell] += weight(x);
        sums[shell] += weight(x) * square;
      }
    }
  }
  edges_.push_back(0);
  double count = 0, sum = 0;
  for (std::size_t shell = 0; shell < fine; ++shell) {
    count += counts[shell];
    sum += sums[shell];
    const bool end = shell + 1 == fine;
    if (count < kFewest && !(end && counts_.empty())) {
      // What is left over at the end joins the last shell.
      if (end) {
        edges_.back() = last;
        meanSquares_.back() = (meanSquares_.back() * counts_.back() + sum) / (counts_.back() + count);
        counts_.back() += count;
      }
      continue;
    }
    const double edge = (shell + 1) / longest;
    edges_.push_back(end ? last : edge * edge);
    counts_.push_back(count);
    meanSquares_.push_back(count > 0 ? sum / count : 0);
    count = sum = 0;
  }
}

}  // namespace locscale::refine
