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

constexpr std::size_t kLanes = 16;

/** Thread CPU time, in seconds: other work on the machine does not count. */
double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** Magnitudes of one octant row, x = 0 ... columns-1, from interleaved (re, im) pairs. */
LOCSCALE_WIDEST_VECTORS
void magnitudes(const float* pairs, std::size_t columns, float* result) {
  for (std::size_t x = 0; x < columns; ++x) {
    result[x] = std::sqrt(pairs[2 * x] * pairs[2 * x] + pairs[2 * x + 1] * pairs[2 * x + 1]);
  }
}

/** Sum of weight * Re F * gain[radius2]; `count` is a multiple of kLanes. */
LOCSCALE_WIDEST_VECTORS
float dotWithGain(const float* pairs, const float* weight, const std::int32_t* radius2, const float* gain,
                  std::size_t count) {
  std::array<float, kLanes> sums{};
  for (std::size_t k = 0; k < count; k += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += weight[k + lane] * pairs[2 * (k + lane)] * gain[radius2[k + lane]];
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
      : geometry_(window),
        padded_((geometry_.coefficients + kLanes - 1) / kLanes * kLanes),
        window_(geometry_.voxels),
        spectrum_(2 * padded_),
        weight_(padded_),
        radius2_(padded_),
        gain_(3 * geometry_.h * geometry_.h + 1) {
    std::fill_n(spectrum_.data(), 2 * padded_, 0.0F);
    for (std::size_t k = 0; k < geometry_.coefficients; ++k) {
      weight_[k] = static_cast<float>(geometry_.centreWeight[k]) / static_cast<float>(geometry_.voxels);
      radius2_[k] = geometry_.radius2[k];
    }
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
    std::array<float, kMostBins> reference{}, map{}, scaleFactors{};
    const std::size_t bins = geometry_.h + 1;
    transform(maps.reference, maps.shape, maps.fillReference, centre);
    octantSums(reference.data());
    transform(maps.map, maps.shape, maps.fillMap, centre);
    octantSums(map.data());
    // The counts and norms of both profiles are the same and cancel.
    divideProfiles<float>(std::span(reference).first(bins), std::span(map).first(bins),
                          std::span(scaleFactors).first(bins));
    for (std::size_t r2 = 0; r2 < gain_.size(); ++r2) {
      gain_[r2] = gainAt<float>(std::sqrt(static_cast<float>(r2)), std::span(scaleFactors).first(bins));
    }
    return dotWithGain(spectrum_.data(), weight_.data(), radius2_.data(), gain_.data(), padded_);
  }

 private:
  static constexpr std::size_t kMostBins = 65;  // windows up to 128 voxels

  void transform(std::span<const float> voxels, const Shape& shape, float fill, std::size_t centre) {
    cutWindow(voxels, shape, fill, geometry_.w, centre, window_.data());
    fftwf_execute(plan_);
  }

  void octantSums(float* sums) {
    std::array<float, kMostBins> row{};
    const int h = geometry_.h;
    const std::size_t columns = h + 1;
    for (int z = 0; z <= h; ++z) {
      for (int y = 0; y <= h; ++y) {
        const std::size_t first = (static_cast<std::size_t>(z) * geometry_.w + y) * columns;
        if (geometry_.octantBin[first] < 0) break;
        magnitudes(spectrum_.data() + 2 * first, columns, row.data());
        for (std::size_t x = 0; x < columns && geometry_.octantBin[first + x] >= 0; ++x) {
          sums[geometry_.octantBin[first + x]] += row[x];
        }
      }
    }
  }

  WindowGeometry geometry_;
  std::size_t padded_;
  fft::AlignedArray<float> window_, spectrum_;
  std::vector<float> weight_;
  std::vector<std::int32_t> radius2_;
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
