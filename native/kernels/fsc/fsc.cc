#include "kernels/fsc/fsc.h"

#include <cmath>
#include <complex>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/fsc/shell_sums.h"

namespace locscale::fsc {

namespace {

struct Correlation {
  double cross = 0, power1 = 0, power2 = 0;

  Correlation& operator+=(const Correlation& other) {
    cross += other.cross;
    power1 += other.power1;
    power2 += other.power2;
    return *this;
  }

  double value() const {
    const double power = std::sqrt(power1 * power2);
    return power < 5e-16 ? 0 : cross / power;
  }
};

}  // namespace

std::vector<double> fourierShellCorrelation(std::span<const float> half1, std::span<const float> half2,
                                            const Shape& shape, int threads, const Control& control) {
  control.setTotal(2 * (shape.z + shape.y) + shape.z);
  using Complex = std::complex<double>;
  fft::AlignedArray<Complex> spectrum1(shape.halfSpectrum()), spectrum2(shape.halfSpectrum());
  fft::forward<double, float>(half1, shape, {spectrum1.data(), shape.halfSpectrum()}, threads, control);
  fft::forward<double, float>(half2, shape, {spectrum2.data(), shape.halfSpectrum()}, threads, control);

  const auto sums = sumShells<Correlation>(shape, threads, control, [&](Correlation& sum, std::size_t i) {
    const Complex f1 = spectrum1[i], f2 = spectrum2[i];
    sum.cross += f1.real() * f2.real() + f1.imag() * f2.imag();
    sum.power1 += std::norm(f1);
    sum.power2 += std::norm(f2);
  });

  std::vector<double> curve(sums.size());
  for (std::size_t r = 0; r < sums.size(); ++r) curve[r] = sums[r].value();
  if (!curve.empty() && curve[0] < 0) curve[0] = curve[0] == -1 ? 1 : 0;
  return curve;
}

}  // namespace locscale::fsc
