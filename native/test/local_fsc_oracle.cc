#include "test/local_fsc_oracle.h"

#include <fftw3.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <complex>
#include <mutex>
#include <numbers>

#include "kernels/fft/aligned.h"
#include "kernels/fft/planner.h"
#include "kernels/threads.h"

namespace locscale::oracle {

namespace {

constexpr int kFirstShell = 2;

fftw_plan plan(int w, double* in, std::complex<double>* out) {
  return fftw_plan_dft_r2c_3d(w, w, w, in, reinterpret_cast<fftw_complex*>(out), FFTW_ESTIMATE);
}
fftwf_plan plan(int w, float* in, std::complex<float>* out) {
  return fftwf_plan_dft_r2c_3d(w, w, w, in, reinterpret_cast<fftwf_complex*>(out), FFTW_PATIENT);
}
void execute(fftw_plan plan) { fftw_execute(plan); }
void execute(fftwf_plan plan) { fftwf_execute(plan); }
void destroy(fftw_plan plan) { fftw_destroy_plan(plan); }
void destroy(fftwf_plan plan) { fftwf_destroy_plan(plan); }

/** The loop's body, with its windows, spectra and plans. */
template <typename Real>
class WindowedFsc {
 public:
  explicit WindowedFsc(int w)
      : w_(w),
        h_(w / 2),
        voxels_(static_cast<std::size_t>(w) * w * w),
        spectrum_(static_cast<std::size_t>(w) * w * (h_ + 1)) {
    taper_.reserve(voxels_);
    const auto t = [&](int i) { return 0.5 + 0.5 * std::cos(2 * std::numbers::pi * (i - h_) / w_); };
    for (int z = 0; z < w_; ++z) {
      for (int y = 0; y < w_; ++y) {
        for (int x = 0; x < w_; ++x) taper_.push_back(static_cast<Real>(t(z) * t(y) * t(x)));
      }
    }
    for (int z = 0; z < w_; ++z) {
      for (int y = 0; y < w_; ++y) {
        for (int x = 0; x <= h_; ++x) {
          const int kz = signedIndex(z, w_), ky = signedIndex(y, w_);
          const int shell = static_cast<int>(std::sqrt(static_cast<double>(kz * kz + ky * ky + x * x)));
          shells_.push_back(shell < h_ ? shell : h_);
          weights_.push_back(x == 0 || x == h_ ? 1 : 2);
        }
      }
    }
    const std::lock_guard planner(plannerMutex());
    for (int half = 0; half < 2; ++half) {
      windows_[half].ensure(voxels_);
      spectra_[half].ensure(spectrum_);
      plans_[half] = plan(w_, windows_[half].data(), spectra_[half].data());
    }
  }
  ~WindowedFsc() {
    const std::lock_guard planner(plannerMutex());
    for (auto& plan : plans_) destroy(plan);
  }
  WindowedFsc(const WindowedFsc&) = delete;
  WindowedFsc& operator=(const WindowedFsc&) = delete;

  /** FSC of shells 0 ... h - 1; false when a window is empty. */
  bool curve(const Maps& maps, const std::array<double, 2>& largest, std::size_t centre, std::span<Real> fsc) {
    bool filled = transform(0, maps.map, maps.shape, largest[0], centre);
    filled = transform(1, maps.reference, maps.shape, largest[1], centre) && filled;
    sums_.assign(3 * static_cast<std::size_t>(h_ + 1), 0);
    for (std::size_t k = 0; k < spectrum_; ++k) {
      const auto a = spectra_[0][k], b = spectra_[1][k];
      Real* sum = sums_.data() + 3 * shells_[k];
      sum[0] += weights_[k] * (a.real() * b.real() + a.imag() * b.imag());
      sum[1] += weights_[k] * (a.real() * a.real() + a.imag() * a.imag());
      sum[2] += weights_[k] * (b.real() * b.real() + b.imag() * b.imag());
    }
    for (int r = 0; r < h_; ++r) {
      const Real power = std::sqrt(sums_[3 * r + 1]) * std::sqrt(sums_[3 * r + 2]);
      fsc[r] = power > 0 ? sums_[3 * r] / power : 0;
    }
    return filled;
  }

  double resolution(std::span<const Real> fsc, double voxelSize, double threshold) const {
    const auto angstrom = [&](double shell) { return w_ * voxelSize / (shell + 0.5); };
    if (fsc[kFirstShell] < threshold) return angstrom(kFirstShell);
    for (int r = kFirstShell + 1; r < h_; ++r) {
      if (fsc[r] < threshold) {
        return angstrom(r - (threshold - fsc[r]) / (fsc[r - 1] - fsc[r]));
      }
    }
    return 2 * voxelSize;
  }

 private:
  /** The nearest centre whose window lies within the box. */
  std::size_t movedIntoBox(std::size_t centre, const Shape& shape) const {
    const auto within = [&](std::size_t c, int n) {
      return std::min(std::max(c, static_cast<std::size_t>(h_)), static_cast<std::size_t>(n - h_));
    };
    const std::size_t z = within(centre / shape.section(), shape.z), y = within(centre / shape.x % shape.y, shape.y);
    return (z * shape.y + y) * shape.x + within(centre % shape.x, shape.x);
  }

  bool transform(int half, std::span<const float> map, const Shape& shape, double largest, std::size_t centre) {
    Real* window = windows_[half].data();
    cutWindow(map, shape, 0.0F, w_, movedIntoBox(centre, shape), window);
    Real squares = 0, weights = 0;
    for (std::size_t i = 0; i < voxels_; ++i) {
      window[i] *= taper_[i];
      squares += window[i] * window[i];
      weights += taper_[i] * taper_[i];
    }
    execute(plans_[half]);
    return squares > 1e-12 * largest * largest * weights;
  }

  int w_, h_;
  std::size_t voxels_, spectrum_;
  std::vector<Real> taper_, weights_, sums_;
  std::vector<int> shells_;
  fft::AlignedArray<Real> windows_[2];
  fft::AlignedArray<std::complex<Real>> spectra_[2];
  decltype(plan(0, static_cast<Real*>(nullptr), static_cast<std::complex<Real>*>(nullptr))) plans_[2];
};

std::array<double, 2> largestValues(const Maps& maps) {
  const auto largest = [](std::span<const float> map) {
    double most = 0;
    for (const float value : map) most = std::max<double>(most, std::abs(value));
    return most;
  };
  return {largest(maps.map), largest(maps.reference)};
}

}  // namespace

LocalFsc localFsc(const Maps& maps, int window, double voxelSize, double threshold,
                  std::span<const std::uint32_t> voxels, int threads) {
  const std::size_t shells = window / 2;
  const auto largest = largestValues(maps);
  LocalFsc found{std::vector<double>(voxels.size() * shells), std::vector<double>(voxels.size())};
  constexpr std::size_t kBlock = 64;
  parallelFor((voxels.size() + kBlock - 1) / kBlock, threads, [&](std::size_t block, std::size_t) {
    WindowedFsc<double> fsc(window);
    const std::size_t end = std::min((block + 1) * kBlock, voxels.size());
    for (std::size_t i = block * kBlock; i < end; ++i) {
      const auto curve = std::span(found.curves).subspan(i * shells, shells);
      if (fsc.curve(maps, largest, voxels[i], curve)) {
        found.resolution[i] = fsc.resolution(curve, voxelSize, threshold);
      }
    }
  });
  return found;
}

double timeLocalFsc(const Maps& maps, int window, double voxelSize, double threshold,
                    std::span<const std::uint32_t> voxels, std::span<double> resolution) {
  const auto largest = largestValues(maps);
  WindowedFsc<float> fsc(window);
  std::vector<float> curve(window / 2);
  const auto threadSeconds = [] {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  };
  const double start = threadSeconds();
  for (std::size_t i = 0; i < voxels.size(); ++i) {
    const bool filled = fsc.curve(maps, largest, voxels[i], curve);
    resolution[i] = filled ? fsc.resolution(curve, voxelSize, threshold) : 0;
  }
  return threadSeconds() - start;
}

}  // namespace locscale::oracle
