#include "kernels/filter/radial_gain.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <type_traits>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/fsc/shells.h"
#include "kernels/threads.h"

namespace locscale::filter {

double tanhLowPass(double frequency, double cutoff) noexcept {
  constexpr double kFallOff = 0.1;  // width of the edge as a share of the cut-off, LocScale's constant
  const double slope = std::numbers::pi / (2 * kFallOff * cutoff);
  return 0.5 * (std::tanh(slope * (frequency + cutoff)) - std::tanh(slope * (frequency - cutoff)));
}

namespace {

double gainAt(const TanhBand& band, double frequency) {
  const double low = band.lowPass > 0 ? tanhLowPass(frequency, band.lowPass) : 1;
  return band.highPass > 0 ? low * (1 - tanhLowPass(frequency, band.highPass)) : low;
}

double gainAt(const GlobalB& global, double frequency) {
  const double clamped = std::min(frequency, 0.5);
  return std::exp(global.b * clamped * clamped / 4);
}

/** Multiplies the spectrum by a gain that depends on the true frequency, in cycles per voxel. */
template <typename Gain>
void multiply(std::span<std::complex<double>> spectrum, const Shape& shape, const Gain& gain, int threads,
              const Control& control) {
  const auto squared = [](int i, int n) {
    const double f = static_cast<double>(signedIndex(i, n)) / n;
    return f * f;
  };
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    auto* coefficient = spectrum.data() + z * shape.halfSection();
    for (int y = 0; y < shape.y; ++y) {
      const double row = squared(static_cast<int>(z), shape.z) + squared(y, shape.y);
      for (int x = 0; x < shape.halfX(); ++x, ++coefficient) {
        *coefficient *= gainAt(gain, std::sqrt(row + squared(x, shape.x)));
      }
    }
    control.advance(1);
  });
}

void multiply(std::span<std::complex<double>> spectrum, const Shape& shape, const ShellGains& table, int threads,
              const Control& control) {
  const fsc::Shells shells(shape);
  const int count = static_cast<int>(table.gains.size());
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    auto* coefficient = spectrum.data() + z * shape.halfSection();
    for (int y = 0; y < shape.y; ++y) {
      const double row = shells.rowRadius2(static_cast<int>(z), y);
      for (int x = 0; x < shape.halfX(); ++x, ++coefficient) {
        const int shell = shells.of(row, x);
        *coefficient *= shell < count ? table.gains[shell] : table.beyond;
      }
    }
    control.advance(1);
  });
}

}  // namespace

std::int32_t radialGainUnits(const Shape& shape) noexcept { return 3 * shape.z + 2 * shape.y; }

template <typename Out>
void applyRadialGain(std::span<const float> map, const Shape& shape, const RadialGain& gain, std::span<Out> filtered,
                     int threads, const Control& control) {
  fft::AlignedArray<std::complex<double>> memory(shape.halfSpectrum());
  const std::span spectrum(memory.data(), shape.halfSpectrum());
  fft::forward<double, float>(map, shape, spectrum, threads, control);
  std::visit([&](const auto& kind) { multiply(spectrum, shape, kind, threads, control); }, gain);
  if constexpr (std::is_same_v<Out, double>) {
    fft::inverse<double>(spectrum, shape, filtered, threads, control);
  } else {
    fft::AlignedArray<double> real(shape.voxels());
    fft::inverse<double>(spectrum, shape, {real.data(), shape.voxels()}, threads, control);
    std::copy_n(real.data(), shape.voxels(), filtered.data());
  }
}

template void applyRadialGain<float>(std::span<const float>, const Shape&, const RadialGain&, std::span<float>, int,
                                     const Control&);
template void applyRadialGain<double>(std::span<const float>, const Shape&, const RadialGain&, std::span<double>, int,
                                      const Control&);

}  // namespace locscale::filter
