#include <algorithm>
#include <complex>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/resample/resample.h"
#include "kernels/threads.h"

namespace locscale::resample {

namespace {

using Complex = std::complex<double>;

/** Lowest frequency of a centred spectrum of n points is -(n/2), its highest (n-1)/2. */
constexpr bool inSpectrum(int k, int n) { return k >= -(n / 2) && k <= (n - 1) / 2; }

/** Frequency of array index i in a centred spectrum of n points: n/2 of an even n counts as -n/2. */
constexpr int centredIndex(int i, int n) { return i <= (n - 1) / 2 ? i : i - n; }

/** The centred frequency that -k is the same as on n points. */
constexpr int negated(int k, int n) { return 2 * k == -n ? k : -k; }

/** The full spectrum of a real map, read from its stored half. */
class FullSpectrum {
 public:
  FullSpectrum(const Complex* half, const Shape& shape) : half_(half), shape_(shape) {}

  /** Coefficient at the frequencies (z, y, x), 0 where the map has none. */
  Complex at(int z, int y, int x) const {
    if (!inSpectrum(z, shape_.z) || !inSpectrum(y, shape_.y) || !inSpectrum(x, shape_.x)) return 0;
    return x < 0 ? std::conj(stored(-z, -y, -x)) : stored(z, y, x);
  }

 private:
  Complex stored(int z, int y, int x) const {
    const std::size_t row = static_cast<std::size_t>(wrapped(z, shape_.z)) * shape_.y + wrapped(y, shape_.y);
    return half_[row * shape_.halfX() + x];
  }
  static constexpr int wrapped(int k, int n) { return k < 0 ? k + n : k; }

  const Complex* half_;
  Shape shape_;
};

}  // namespace

void fourierResample(std::span<const float> map, const Shape& shape, std::span<float> target, const Shape& targetShape,
                     int threads, const Control& control) {
  control.setTotal(shape.z + shape.y + 2 * targetShape.z + targetShape.y);
  fft::AlignedArray<Complex> sourceMemory(shape.halfSpectrum());
  fft::forward<double, float>(map, shape, {sourceMemory.data(), shape.halfSpectrum()}, threads, control);
  const FullSpectrum source(sourceMemory.data(), shape);

  fft::AlignedArray<Complex> memory(targetShape.halfSpectrum());
  const double scale = static_cast<double>(targetShape.voxels()) / static_cast<double>(shape.voxels());
  parallelFor(targetShape.z, threads, [&](std::size_t section, std::size_t) {
    control.throwIfCancelled();
    auto* out = memory.data() + section * targetShape.halfSection();
    const int z = centredIndex(static_cast<int>(section), targetShape.z);
    for (int row = 0; row < targetShape.y; ++row) {
      const int y = centredIndex(row, targetShape.y);
      for (int column = 0; column < targetShape.halfX(); ++column, ++out) {
        const int x = centredIndex(column, targetShape.x);
        const Complex here = source.at(z, y, x);
        const Complex opposite =
            source.at(negated(z, targetShape.z), negated(y, targetShape.y), negated(x, targetShape.x));
        *out = 0.5 * scale * (here + std::conj(opposite));
      }
    }
    control.advance(1);
  });

  fft::AlignedArray<double> real(targetShape.voxels());
  fft::inverse<double>({memory.data(), targetShape.halfSpectrum()}, targetShape, {real.data(), targetShape.voxels()},
                       threads, control);
  std::copy_n(real.data(), targetShape.voxels(), target.data());
}

}  // namespace locscale::resample
