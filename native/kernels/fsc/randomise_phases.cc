#include "kernels/fsc/randomise_phases.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/fsc/shells.h"
#include "kernels/threads.h"

namespace locscale::fsc {

namespace {

/** splitmix64 (Steele, Lea & Flood 2014): a hash whose outputs for consecutive inputs look random. */
std::uint64_t hash(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

/** A phase in [0, 2 pi) for one coefficient. */
double phaseOf(std::uint32_t seed, std::size_t coefficient) {
  const std::uint64_t bits = hash(hash(seed) ^ coefficient);
  return 2 * std::numbers::pi * static_cast<double>(bits >> 11) * 0x1p-53;
}

constexpr int opposite(int i, int n) { return i == 0 ? 0 : n - i; }

}  // namespace

void randomisePhases(std::span<const float> map, const Shape& shape, int firstShell, std::uint32_t seed,
                     std::span<float> randomised, int threads, const Control& control) {
  control.setTotal(3 * shape.z + 2 * shape.y);
  fft::AlignedArray<std::complex<double>> memory(shape.halfSpectrum());
  const std::span spectrum(memory.data(), shape.halfSpectrum());
  fft::forward<double, float>(map, shape, spectrum, threads, control);

  const Shells shells(shape);
  const int columns = shape.halfX();
  parallelFor(shape.z, threads, [&](std::size_t section, std::size_t) {
    control.throwIfCancelled();
    const int z = static_cast<int>(section);
    for (int y = 0; y < shape.y; ++y) {
      const double radius2 = shells.rowRadius2(z, y);
      const std::size_t row = (section * shape.y + y) * columns;
      // In the planes x = 0 and x = nx/2 a coefficient and its conjugate are both stored: one phase serves the pair.
      const std::size_t mirror =
          (static_cast<std::size_t>(opposite(z, shape.z)) * shape.y + opposite(y, shape.y)) * columns;
      for (int x = 0; x < columns; ++x) {
        if (shells.of(radius2, x) < firstShell) continue;
        const bool paired = x == 0 || 2 * x == shape.x;
        if (paired && mirror == row) continue;
        const bool second = paired && mirror < row;
        const double phase = phaseOf(seed, (second ? mirror : row) + x);
        spectrum[row + x] = std::polar(std::abs(spectrum[row + x]), second ? -phase : phase);
      }
    }
    control.advance(1);
  });

  fft::AlignedArray<double> real(shape.voxels());
  fft::inverse<double>(spectrum, shape, {real.data(), shape.voxels()}, threads, control);
  std::copy_n(real.data(), shape.voxels(), randomised.data());
}

}  // namespace locscale::fsc
