#include "kernels/local_resolution/whiten.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/fsc/shell_sums.h"
#include "kernels/threads.h"

namespace locscale::local {
namespace {

/** Shells weaker than this share of the strongest (amplitudes) hold rounding of float32 and are raised no further. */
constexpr double kFloor = 1e-6;

struct Sums {
  double cross = 0, power1 = 0, power2 = 0, coefficients = 0;
  Sums& operator+=(const Sums& other) {
    cross += other.cross;
    power1 += other.power1;
    power2 += other.power2;
    coefficients += other.coefficients;
    return *this;
  }
};

std::vector<float> gainsOf(const std::vector<Sums>& shells) {
  std::vector<double> amplitudes;
  for (const Sums& shell : shells) {
    amplitudes.push_back(std::sqrt((shell.power1 + shell.power2) / shell.coefficients));
  }
  // Shell 0 is the mean of the map, which says nothing about the rest of the curve.
  const double strongest = *std::max_element(amplitudes.begin() + 1, amplitudes.end());
  double weakest = strongest;
  for (double& amplitude : amplitudes) {
    amplitude = std::max(amplitude, kFloor * strongest);
    weakest = std::min(weakest, amplitude);
  }
  std::vector<float> gains;
  for (const double amplitude : amplitudes)
    gains.push_back(static_cast<float>(amplitude > 0 ? weakest / amplitude : 1));
  return gains;
}

}  // namespace

std::vector<double> whitenHalfMaps(std::span<const float> half1, std::span<const float> half2, const Shape& shape,
                                   std::span<float> whitened1, std::span<float> whitened2, int threads,
                                   const Control& control) {
  const std::span<const float> halves[2] = {half1, half2};
  const std::span<float> whitened[2] = {whitened1, whitened2};
  fft::AlignedArray<std::complex<float>> spectra[2];
  for (int map = 0; map < 2; map++) {
    spectra[map].ensure(shape.halfSpectrum());
    fft::forward<float, float>(halves[map], shape, {spectra[map].data(), shape.halfSpectrum()}, threads, control);
  }
  const auto shells = fsc::sumShells<Sums>(shape, threads, control, [&](Sums& shell, std::size_t i) {
    // In double precision: the power of a strong map need not fit into float32.
    const std::complex<double> a = spectra[0][i], b = spectra[1][i];
    shell.cross += a.real() * b.real() + a.imag() * b.imag();
    shell.power1 += std::norm(a);
    shell.power2 += std::norm(b);
    shell.coefficients += 1;
  });
  std::vector<double> curve;
  for (const Sums& shell : shells) {
    const double power = std::sqrt(shell.power1) * std::sqrt(shell.power2);
    curve.push_back(power > 0 ? shell.cross / power : 0);
  }
  if (shells.size() < 2) {
    for (int map = 0; map < 2; map++) std::copy(halves[map].begin(), halves[map].end(), whitened[map].begin());
    return curve;
  }
  const std::vector<float> gains = gainsOf(shells);
  const fsc::Shells geometry(shape);
  const int last = geometry.count() - 1;
  for (int map = 0; map < 2; map++) {
    parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
      control.throwIfCancelled();
      auto* coefficient = spectra[map].data() + z * shape.halfSection();
      for (int y = 0; y < shape.y; y++) {
        const double row = geometry.rowRadius2(static_cast<int>(z), y);
        for (int x = 0; x < shape.halfX(); x++, coefficient++) {
          *coefficient *= gains[std::min(geometry.of(row, x), last)];
        }
      }
    });
    fft::inverse<float>({spectra[map].data(), shape.halfSpectrum()}, shape, whitened[map], threads, control);
    parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
      const std::size_t first = z * shape.section();
      for (std::size_t i = first; i < first + shape.section(); i++) {
        if (halves[map][i] == 0) whitened[map][i] = 0;
      }
    });
  }
  return curve;
}

}  // namespace locscale::local
