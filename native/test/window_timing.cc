#include "test/window_timing.h"

#include <fftw3.h>
#include <time.h>

#include <array>
#include <complex>

#include "kernels/fft/aligned.h"
#include "kernels/fft/planner.h"

// The sums around the transforms get the widest vectors of the machine, as FFTW's own code does: a peer held back by
// the baseline instruction set would flatter the kernel that is compared with it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define LOCSCALE_WIDEST_VECTORS __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define LOCSCALE_WIDEST_VECTORS
#endif

namespace locscale::oracle {

namespace {

/** Rows are worked on in whole vectors; what lies behind the last column of a row gets the weight 0. */
constexpr int kLanes = 8;
constexpr int kMostBins = 65;  // windows up to 128 voxels
constexpr int kMostColumns = (kMostBins + kLanes - 1) / kLanes * kLanes;

/** Thread CPU time, in seconds: other work on the machine does not count. */
double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** Magnitudes of one row of the spectrum, interleaved (re, im) pairs. */
LOCSCALE_WIDEST_VECTORS
void magnitudes(const float* pairs, int columns, float* result) {
  for (int x = 0; x < columns; x += kLanes) {
    for (int lane = x; lane < x + kLanes; ++lane) {
      result[lane] = std::sqrt(pairs[2 * lane] * pairs[2 * lane] + pairs[2 * lane + 1] * pairs[2 * lane + 1]);
    }
  }
}

/** Sum of weight * gain[x^2] * (Re F of the four rows); the gain is the same in all of them. */
LOCSCALE_WIDEST_VECTORS
float weighRows(const std::array<const float*, 4>& rows, const float* weight, const float* gain, int columns) {
  std::array<float, kLanes> sums{};
  for (int x = 0; x < columns; x += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const int k = x + lane;
      const float real = (rows[0][2 * k] + rows[1][2 * k]) + (rows[2][2 * k] + rows[3][2 * k]);
      sums[lane] += weight[k] * gain[k * k] * real;
    }
  }
  float total = 0;
  for (const float sum : sums) total += sum;
  return total;
}

/** The method for one voxel, with its scratch memory and plan. */
class WindowMethod {
 public:
  explicit WindowMethod(int window)
      : geometry_(window, ProfileKind::kOctant),
        columns_((geometry_.h + kLanes) / kLanes * kLanes),
        window_(geometry_.voxels),
        spectrum_(2 * (geometry_.coefficients + kLanes)),
        gain_(2 * geometry_.h * geometry_.h + columns_ * columns_) {
    std::fill_n(spectrum_.data(), 2 * (geometry_.coefficients + kLanes), 0.0F);
    for (int x = 0; x <= geometry_.h; ++x) weight_[x] = static_cast<float>(geometry_.centreWeight[x]);
    const std::lock_guard planner(plannerMutex());
    plan_ = fftwf_plan_dft_r2c_3d(window, window, window, window_.data(),
                                  reinterpret_cast<fftwf_complex*>(spectrum_.data()), FFTW_PATIENT);
  }
  ~WindowMethod() {
    const std::lock_guard planner(plannerMutex());
    fftwf_destroy_plan(plan_);
  }
  WindowMethod(const WindowMethod&) = delete;
  WindowMethod& operator=(const WindowMethod&) = delete;

  float operator()(const Maps& maps, std::size_t centre) {
    const auto reference = octantSums(maps.reference, maps.shape, maps.fillReference, centre);
    const auto map = octantSums(maps.map, maps.shape, maps.fillMap, centre);
    // The counts and norms of both profiles are the same and cancel.
    std::array<float, kMostBins> scaleFactors{};
    const std::size_t bins = geometry_.h + 1;
    divideProfiles<float>(std::span(reference).first(bins), std::span(map).first(bins),
                          std::span(scaleFactors).first(bins));
    tabulateGain(std::span(scaleFactors).first(bins));
    return valueAtCentre();
  }

 private:
  using Sums = std::array<float, kMostBins>;

  const float* row(int z, int y) {
    return spectrum_.data() + (static_cast<std::size_t>(z) * geometry_.w + y) * (geometry_.h + 1) * 2;
  }

  /** Transforms one window; its spectrum stays in `spectrum_`. */
  Sums octantSums(std::span<const float> voxels, const Shape& shape, float fill, std::size_t centre) {
    cutWindow(voxels, shape, fill, geometry_.w, centre, window_.data());
    fftwf_execute(plan_);
    Sums sums{};
    std::array<float, kMostColumns> magnitude;
    const int h = geometry_.h;
    for (int z = 0; z <= h; ++z) {
      for (int y = 0; y <= h; ++y) {
        const int* bin = geometry_.profileBin.data() + (static_cast<std::size_t>(z) * geometry_.w + y) * (h + 1);
        if (bin[0] < 0) break;
        magnitudes(row(z, y), columns_, magnitude.data());
        for (int x = 0; x <= h && bin[x] >= 0; ++x) sums[bin[x]] += magnitude[x];
      }
    }
    return sums;
  }

  /** Gain by the square of the frequency in bins, which is a whole number. */
  void tabulateGain(std::span<const float> scaleFactors) {
    const int corner = geometry_.h * geometry_.h;
    for (int r2 = 0; r2 < corner; ++r2) gain_[r2] = gainAt(std::sqrt(static_cast<float>(r2)), scaleFactors);
    std::fill(gain_.begin() + corner, gain_.end(), scaleFactors.back());
  }

  float valueAtCentre() {
    const int w = geometry_.w, h = geometry_.h;
    float sum = 0;
    for (int z = 0; z <= h; ++z) {
      for (int y = 0; y <= h; ++y) {
        const int minusZ = (w - z) % w, minusY = (w - y) % w;
        // On the planes 0 and h a row is its own mirror image and would be counted twice.
        const float share = (z == minusZ ? 0.5F : 1.0F) * (y == minusY ? 0.5F : 1.0F);
        const float sign = (z + y) % 2 == 0 ? share : -share;
        sum += sign * weighRows({row(z, y), row(z, minusY), row(minusZ, y), row(minusZ, minusY)}, weight_.data(),
                                gain_.data() + z * z + y * y, columns_);
      }
    }
    return sum / static_cast<float>(geometry_.voxels);
  }

  WindowGeometry geometry_;
  int columns_;
  fft::AlignedArray<float> window_, spectrum_;
  std::array<float, kMostColumns> weight_{};
  std::vector<float> gain_;
  fftwf_plan plan_ = nullptr;
};

}  // namespace

WindowTiming timeWindowMethod(const Maps& maps, int window, std::span<const std::uint32_t> voxels) {
  WindowMethod method(window);
  WindowTiming timing;
  timing.values.resize(voxels.size());
  const double start = threadSeconds();
  for (std::size_t i = 0; i < voxels.size(); ++i) timing.values[i] = method(maps, voxels[i]);
  timing.seconds = threadSeconds() - start;
  return timing;
}

}  // namespace locscale::oracle
