#include "kernels/model/simulate.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/filter/radial_gain.h"
#include "kernels/model/blobs.h"
#include "kernels/model/splat.h"
#include "kernels/threads.h"

namespace locscale::model {

namespace {

double leastB(const Atoms& atoms) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (atoms.occupancies[i] != 0) least = std::min<double>(least, atoms.bFactors[i]);
  }
  return least;
}

double largestEdge(const Box& box) { return *std::max_element(box.voxelSize.begin(), box.voxelSize.end()); }

/** Square of the frequency of each index along one axis, per square angstrom, and exp(blur s^2 / 4). */
struct AxisGain {
  std::vector<double> square, gain;

  AxisGain(int count, int n, double voxelSize, double blur) : square(count), gain(count) {
    for (int i = 0; i < count; ++i) {
      const double s = signedIndex(i, n) / (n * voxelSize);
      square[i] = s * s;
      gain[i] = std::exp(blur * square[i] / 4);
    }
  }
};

/** Takes the blur away, cuts at the Nyquist frequency, and applies the low-pass. */
void sharpen(std::span<std::complex<float>> spectrum, const Simulation& simulation, double blur, int threads,
             const Control& control) {
  const Shape& shape = simulation.box.shape;
  const auto& size = simulation.box.voxelSize;
  const AxisGain alongZ(shape.z, shape.z, size[2], blur), alongY(shape.y, shape.y, size[1], blur);
  const AxisGain alongX(shape.halfX(), shape.x, size[0], blur);
  // The Nyquist frequency itself is kept: it counts as the last shell of every curve.
  const double nyquist = 0.5 / largestEdge(simulation.box);
  const double limit = nyquist * nyquist * (1 + 1e-9);
  const double cutoff = simulation.resolution > 0 ? 1 / simulation.resolution : 0;
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    auto* coefficient = spectrum.data() + z * shape.halfSection();
    for (int y = 0; y < shape.y; ++y) {
      const double rowSquare = alongZ.square[z] + alongY.square[y], rowGain = alongZ.gain[z] * alongY.gain[y];
      for (int x = 0; x < shape.halfX(); ++x, ++coefficient) {
        const double square = rowSquare + alongX.square[x];
        if (square > limit) {
          *coefficient = 0;
          continue;
        }
        const double gain = rowGain * alongX.gain[x];
        const double kept = cutoff > 0 ? filter::tanhLowPass(std::sqrt(square), cutoff) : 1;
        *coefficient *= static_cast<float>(gain * kept);
      }
    }
    control.advance(1);
  });
}

}  // namespace

double automaticBlur(const Atoms& atoms, const Box& box) {
  const double edge = largestEdge(box), least = leastB(atoms);
  return std::isfinite(least) ? std::max(0.0, kSampledB * edge * edge - least) : 0;
}

std::int32_t simulateUnits(const Shape& shape) noexcept { return splatUnits(shape) + 3 * shape.z + 2 * shape.y; }

Simulated simulate(const Simulation& simulation, std::span<float> map, int threads, const Control& control) {
  const auto& [atoms, box, copies, given, resolution] = simulation;
  const double blur = given.value_or(automaticBlur(atoms, box));
  if (leastB(atoms) + blur < 0) {
    fail("input.parameter", "The blur is ", blur, " square angstrom and the least B-factor ", leastB(atoms),
         "; their sum must be at least 0, so give a larger blur or none.");
  }
  std::fill(map.begin(), map.end(), 0.0F);
  const Blobs blobs = makeBlobs(atoms, box, copies, blur);
  splat(blobs.list, box, map, threads, control);

  fft::AlignedArray<std::complex<float>> memory(box.shape.halfSpectrum());
  const std::span spectrum(memory.data(), box.shape.halfSpectrum());
  fft::forward<float, float>(map, box.shape, spectrum, threads, control);
  sharpen(spectrum, simulation, blur, threads, control);
  fft::inverse<float>(spectrum, box.shape, map, threads, control);
  return {blur, blobs.outside};
}

}  // namespace locscale::model
