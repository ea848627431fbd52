#include "kernels/refine/work_grid.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "kernels/fft/fft3.h"
#include "kernels/threads.h"

namespace locscale::refine {

namespace {

constexpr double kMargin = 10;
/** Voxels of the work grid for each resolution element: Nyquist lies a quarter beyond the last frequency used. */
constexpr double kVoxelsPerResolution = 2.5;
/** Part of a coefficient that aliasing may add at the last frequency used. */
constexpr double kAlias = 0.01;

/** The smallest even length from `least` on that FFTW has fast code for. */
int fastLength(int least) {
  for (int length = std::max(2, least + least % 2);; length += 2) {
    int rest = length;
    for (const int prime : {2, 3, 5, 7}) {
      while (rest % prime == 0) rest /= prime;
    }
    if (rest == 1) return length;
  }
}

/** Index of a signed frequency on an axis of `n` samples; -1 where it, or the other axis, does not reach so far. */
int indexOn(int n, int frequency, int other) {
  if (2 * std::abs(frequency) >= std::min(n, other)) return -1;
  return frequency < 0 ? frequency + n : frequency;
}

}  // namespace

WorkGrid chooseWorkGrid(const model::Atoms& atoms, const model::Box& map, double dMin) {
  const auto edges = map.edges();
  WorkGrid grid{map.shape, {}, {}, map};
  std::array<int, 3> cut, voxels;
  for (int i = 0; i < 3; ++i) {
    double low = atoms.positions[i], high = low;
    for (std::size_t atom = 1; atom < atoms.size(); ++atom) {
      low = std::min(low, atoms.positions[3 * atom + i]);
      high = std::max(high, atoms.positions[3 * atom + i]);
    }
    const double size = map.voxelSize[i];
    const double wanted = (high - low + 2 * kMargin) / size + 1;
    cut[i] = wanted < edges[i] ? std::min(fastLength(static_cast<int>(std::ceil(wanted))), edges[i]) : edges[i];
    const double centre = ((low + high) / 2 - map.origin[i]) / size;
    const double first = std::clamp(std::round(centre - cut[i] / 2.0), 0.0, static_cast<double>(edges[i] - cut[i]));
    grid.first[i] = static_cast<int>(first);
    voxels[i] = fastLength(static_cast<int>(std::ceil(cut[i] * size * kVoxelsPerResolution / dMin)));
    grid.box.origin[i] = map.origin[i] + first * size;
    grid.box.voxelSize[i] = cut[i] * size / voxels[i];
  }
  grid.cut = {cut[2], cut[1], cut[0]};
  grid.box.shape = {voxels[2], voxels[1], voxels[0]};
  return grid;
}

double sampledB(const model::Box& box, double dMin) {
  // A Gaussian's coefficient at 2N - s over that at s is exp(-B N (N - s)), N = 1 / 2g.
  double least = 0;
  for (const double size : box.voxelSize) {
    const double nyquist = 0.5 / size, gap = nyquist - 1 / dMin;
    least = std::max(least, -std::log(kAlias) / (nyquist * gap));
  }
  return least;
}

Coefficients observe(std::span<const float> map, std::span<const float> mask, const WorkGrid& grid, int threads,
                     const Control& control) {
  const Shape &cut = grid.cut, &work = grid.box.shape;
  fft::AlignedArray<float> part(cut.voxels());
  parallelFor(cut.z, threads, [&](std::size_t z, std::size_t) {
    for (int y = 0; y < cut.y; ++y) {
      const std::size_t from =
          ((z + grid.first[2]) * grid.map.y + (y + grid.first[1])) * static_cast<std::size_t>(grid.map.x) +
          grid.first[0];
      float* to = part.data() + (z * cut.y + y) * cut.x;
      std::copy_n(map.data() + from, cut.x, to);
      if (mask.empty()) continue;
      for (int x = 0; x < cut.x; ++x) to[x] *= mask[from + x];
    }
  });
  Coefficients all(cut.halfSpectrum());
  fft::forward<float, float>({part.data(), cut.voxels()}, cut, {all.data(), cut.halfSpectrum()}, threads, control);

  // The frequencies that both grids have, but for those at a Nyquist frequency, which stand for two.
  Coefficients kept(work.halfSpectrum());
  std::fill_n(kept.data(), work.halfSpectrum(), std::complex<float>());
  const int columns = (std::min(cut.x, work.x) + 1) / 2;
  parallelFor(work.z, threads, [&](std::size_t z, std::size_t) {
    const int fromZ = indexOn(cut.z, signedIndex(static_cast<int>(z), work.z), work.z);
    for (int y = 0; y < work.y && fromZ >= 0; ++y) {
      const int fromY = indexOn(cut.y, signedIndex(y, work.y), work.y);
      if (fromY < 0) continue;
      std::copy_n(all.data() + (static_cast<std::size_t>(fromZ) * cut.y + fromY) * cut.halfX(), columns,
                  kept.data() + (z * work.y + y) * work.halfX());
    }
  });
  return kept;
}

}  // namespace locscale::refine
