#include "test/window_oracle.h"

#include <fftw3.h>

#include <complex>

#include "kernels/fft/aligned.h"
#include "kernels/fft/planner.h"
#include "kernels/threads.h"

namespace locscale::oracle {

namespace {

using Complex = std::complex<double>;

/** One thread's window, its spectrum, and the plan between them. */
class WindowTransform {
 public:
  explicit WindowTransform(const WindowGeometry& geometry)
      : window_(geometry.voxels), spectrum_(geometry.coefficients) {
    const std::lock_guard planner(plannerMutex());
    plan_ = fftw_plan_dft_r2c_3d(geometry.w, geometry.w, geometry.w, window_.data(),
                                 reinterpret_cast<fftw_complex*>(spectrum_.data()), FFTW_ESTIMATE);
  }
  ~WindowTransform() {
    const std::lock_guard planner(plannerMutex());
    fftw_destroy_plan(plan_);
  }
  WindowTransform(const WindowTransform&) = delete;
  WindowTransform& operator=(const WindowTransform&) = delete;

  /** Spectrum of the window around `centre`, valid until the next call. */
  const Complex* operator()(std::span<const float> map, const Shape& shape, float fill, int w, std::size_t centre) {
    cutWindow(map, shape, fill, w, centre, window_.data());
    fftw_execute(plan_);
    return spectrum_.data();
  }

 private:
  fft::AlignedArray<double> window_;
  fft::AlignedArray<Complex> spectrum_;
  fftw_plan plan_ = nullptr;
};

/** Mean of |F| per bin, orthonormal transform (scaling.md, section 10). */
void meanMagnitudes(const WindowGeometry& geometry, const Complex* spectrum, std::span<double> profile) {
  const double orthonormal = std::pow(geometry.w, -1.5);
  for (std::size_t k = 0; k < geometry.coefficients; ++k) {
    if (geometry.bin[k] >= 0) profile[geometry.bin[k]] += geometry.share[k] * std::abs(spectrum[k]);
  }
  for (std::size_t r = 0; r < profile.size(); ++r) profile[r] *= orthonormal / geometry.binCount[r];
}

/** The inverse transform of gain times spectrum, at the centre of the window only. */
double valueAtCentre(const WindowGeometry& geometry, const Complex* spectrum, std::span<const double> scaleFactors) {
  double sum = 0;
  for (std::size_t k = 0; k < geometry.coefficients; ++k) {
    const double radius = std::sqrt(static_cast<double>(geometry.radius2[k]));
    sum += geometry.centreWeight[k] * spectrum[k].real() * gainAt(radius, scaleFactors);
  }
  return sum / static_cast<double>(geometry.voxels);
}

}  // namespace

OracleResult scaleWindows(const Maps& maps, int window, Profile profile, std::span<const std::uint32_t> voxels,
                          int threads) {
  const WindowGeometry geometry(window, profile);
  const std::size_t bins = geometry.h + 1;
  OracleResult result;
  result.values.resize(voxels.size());
  for (auto* table : {&result.mapProfiles, &result.referenceProfiles, &result.scaleFactors}) {
    table->resize(voxels.size() * bins);
  }

  constexpr std::size_t kBlock = 64;
  parallelFor((voxels.size() + kBlock - 1) / kBlock, threads, [&](std::size_t block, std::size_t) {
    WindowTransform transform(geometry);
    const std::size_t end = std::min((block + 1) * kBlock, voxels.size());
    for (std::size_t i = block * kBlock; i < end; ++i) {
      const auto row = [&](std::vector<double>& table) { return std::span(table).subspan(i * bins, bins); };
      const auto mapProfile = row(result.mapProfiles), referenceProfile = row(result.referenceProfiles);
      const auto scaleFactors = row(result.scaleFactors);

      meanMagnitudes(geometry, transform(maps.reference, maps.shape, maps.fillReference, window, voxels[i]),
                     referenceProfile);
      const Complex* spectrum = transform(maps.map, maps.shape, maps.fillMap, window, voxels[i]);
      meanMagnitudes(geometry, spectrum, mapProfile);
      divideProfiles<double>(referenceProfile, mapProfile, scaleFactors);
      result.values[i] = valueAtCentre(geometry, spectrum, scaleFactors);
    }
  });
  return result;
}

}  // namespace locscale::oracle
