#include "kernels/local_resolution/local_filter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "kernels/fail.h"
#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/filter/radial_gain.h"
#include "kernels/threads.h"

namespace locscale::local {
namespace {

/** Cut-offs rise by this factor at most from one filtered map to the next: two tanh edges mixed stay a tanh edge within
 * 3 %. */
constexpr double kStep = 1.05;
constexpr double kNyquist = 0.5;

/** Gain as a function of frequency, tabulated: one evaluation for each coefficient would cost more than the transform.
 */
class GainTable {
 public:
  explicit GainTable(double cutoff) {
    for (int i = 0; i <= kSize + 1; i++) {
      gains_.push_back(static_cast<float>(filter::tanhLowPass(i * kLargest / kSize, cutoff)));
    }
  }
  float at(double frequency) const {
    const double position = frequency * (kSize / kLargest);
    const auto i = static_cast<std::size_t>(position);
    return gains_[i] + static_cast<float>(position - static_cast<double>(i)) * (gains_[i + 1] - gains_[i]);
  }

 private:
  static constexpr int kSize = 4096;
  static constexpr double kLargest = 0.8661;  // cycles per voxel, just beyond the corner of the spectrum
  std::vector<float> gains_;
};

double cutoffOf(float resolution, double voxelSize) { return std::min(voxelSize / resolution, kNyquist); }

/** The cut-offs of the filtered maps. */
struct Bank {
  double lowest = kNyquist, highest = 0, ratio = 1;
  int levels = 1;

  Bank(std::span<const float> resolution, double voxelSize) {
    for (const float value : resolution) {
      if (!std::isfinite(value) || value < 0) {
        fail("input.voxels", "The local resolution holds ", value,
             ", but every voxel must be a resolution in angstrom, or 0 outside the mask: choose another map.");
      }
      if (value == 0) continue;
      lowest = std::min(lowest, cutoffOf(value, voxelSize));
      highest = std::max(highest, cutoffOf(value, voxelSize));
    }
    if (highest == 0) {
      fail("input.voxels",
           "The local resolution is 0 everywhere; give a map that holds resolutions in angstrom, as locscale "
           "local-resolution writes it.");
    }
    if (highest == lowest) return;
    levels = 1 + static_cast<int>(std::ceil(std::log(highest / lowest) / std::log(kStep)));
    ratio = std::pow(highest / lowest, 1.0 / (levels - 1));
  }

  double cutoff(int level) const { return lowest * std::pow(ratio, level); }
};

}  // namespace

void localFilter(std::span<const float> map, const Shape& shape, std::span<const float> resolution, double voxelSize,
                 std::span<float> filtered, int threads, const Control& control) {
  const Bank bank(resolution, voxelSize);
  control.setTotal((bank.levels + 1) * (shape.z + shape.y));
  fft::AlignedArray<std::complex<float>> spectrum(shape.halfSpectrum()), work(shape.halfSpectrum());
  fft::AlignedArray<float> real(shape.voxels());
  fft::forward<float, float>(map, shape, {spectrum.data(), shape.halfSpectrum()}, threads, control);
  std::fill(filtered.begin(), filtered.end(), 0.0F);
  const auto squared = [](int i, int n) {
    const double f = static_cast<double>(signedIndex(i, n)) / n;
    return f * f;
  };
  for (int level = 0; level < bank.levels; level++) {
    const GainTable gain(bank.cutoff(level));
    parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
      std::size_t i = z * shape.halfSection();
      for (int y = 0; y < shape.y; y++) {
        const double row = squared(static_cast<int>(z), shape.z) + squared(y, shape.y);
        for (int x = 0; x < shape.halfX(); x++, i++) {
          work[i] = spectrum[i] * gain.at(std::sqrt(row + squared(x, shape.x)));
        }
      }
    });
    fft::inverse<float>({work.data(), shape.halfSpectrum()}, shape, {real.data(), shape.voxels()}, threads, control);
    // A level's share of a voxel is 1 at its own cut-off and falls to 0 at its neighbours'.
    const double here = bank.cutoff(level);
    const double below = here - here / bank.ratio, above = here * bank.ratio - here;
    parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
      const std::size_t first = z * shape.section();
      for (std::size_t i = first; i < first + shape.section(); i++) {
        const double own = resolution[i] > 0 ? cutoffOf(resolution[i], voxelSize) : bank.lowest;
        const double away = own < here ? here - own : own - here, reach = own < here ? below : above;
        const double share = bank.levels == 1 ? 1 : 1 - away / reach;
        if (share > 0) filtered[i] += static_cast<float>(share) * real[i];
      }
    });
  }
}

}  // namespace locscale::local
