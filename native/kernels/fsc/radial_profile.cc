#include <cmath>
#include <complex>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/fsc/fsc.h"
#include "kernels/fsc/shell_sums.h"

namespace locscale::fsc {

namespace {

struct Amplitude {
  double sum = 0;
  double coefficients = 0;

  Amplitude& operator+=(const Amplitude& other) {
    sum += other.sum;
    coefficients += other.coefficients;
    return *this;
  }
};

/** Mean amplitude of the shells over the coefficients that `counts(z, y)` admits, by array index. */
template <typename Counts>
std::vector<double> meanAmplitudes(std::span<const float> map, const Shape& shape, int threads, const Control& control,
                                   const Counts& counts) {
  control.setTotal(2 * shape.z + shape.y);
  fft::AlignedArray<std::complex<double>> spectrum(shape.halfSpectrum());
  fft::forward<double, float>(map, shape, {spectrum.data(), shape.halfSpectrum()}, threads, control);

  const std::size_t columns = shape.halfX();
  const auto shells = sumShells<Amplitude>(shape, threads, control, [&](Amplitude& shell, std::size_t i) {
    const std::size_t row = i / columns;
    if (!counts(static_cast<int>(row / shape.y), static_cast<int>(row % shape.y))) return;
    shell.sum += std::sqrt(std::norm(spectrum[i]));
    shell.coefficients += 1;
  });

  std::vector<double> profile(shells.size());
  // Every shell holds coefficients: the ones along the longest axis.
  for (std::size_t r = 0; r < shells.size(); ++r) profile[r] = shells[r].sum / shells[r].coefficients;
  return profile;
}

}  // namespace

std::vector<double> radialProfile(std::span<const float> map, const Shape& shape, int threads, const Control& control) {
  return meanAmplitudes(map, shape, threads, control, [](int, int) { return true; });
}

std::vector<double> octantProfile(std::span<const float> map, const Shape& shape, int threads, const Control& control) {
  return meanAmplitudes(map, shape, threads, control,
                        [&](int z, int y) { return 2 * z <= shape.z && 2 * y <= shape.y; });
}

}  // namespace locscale::fsc
