#include "kernels/fft/fft3.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "kernels/fft/aligned.h"
#include "kernels/fft/plan_cache.h"
#include "kernels/threads.h"

namespace locscale::fft {

namespace {

/**
 * Transforms every z column of the spectrum in place. Columns are gathered a few at a time into a block that fits
 * the cache: walking down the array itself, a whole section per step, is 8 times slower when the section is a power of
 * two (every step lands in the same cache sets) and 1.5 times slower otherwise.
 */
template <typename Real>
void transformColumns(std::span<std::complex<Real>> spectrum, const Shape& shape, int sign, int threads,
                      const Control& control) {
  using Complex = std::complex<Real>;
  constexpr int kColumns = 128 / sizeof(Complex);  // two cache lines of every section
  auto& plans = PlanCache<Real>::instance();
  std::vector<AlignedArray<Complex>> blocks(std::max(threads, 1));
  parallelFor(shape.y, threads, [&](std::size_t y, std::size_t worker) {
    control.throwIfCancelled();
    auto& block = blocks[worker];
    block.ensure(static_cast<std::size_t>(shape.z) * kColumns);
    const auto plan = plans.columns(shape.z, kColumns, sign, block.data());
    for (int x = 0; x < shape.halfX(); x += kColumns) {
      const int columns = std::min(kColumns, shape.halfX() - x);
      auto* first = spectrum.data() + y * shape.halfX() + x;
      std::fill_n(block.data(), columns < kColumns ? static_cast<std::size_t>(shape.z) * kColumns : 0, Complex());
      for (int z = 0; z < shape.z; ++z) {
        std::copy_n(first + z * shape.halfSection(), columns, block.data() + z * kColumns);
      }
      Library<Real>::executeDft(plan, raw(block.data()), raw(block.data()));
      for (int z = 0; z < shape.z; ++z) {
        std::copy_n(block.data() + z * kColumns, columns, first + z * shape.halfSection());
      }
    }
    control.advance(1);
  });
}

}  // namespace

template <typename Real, typename Voxel>
void forward(std::span<const Voxel> real, const Shape& shape, std::span<std::complex<Real>> spectrum, int threads,
             const Control& control) {
  auto& plans = PlanCache<Real>::instance();
  std::vector<AlignedArray<Real>> sections(std::max(threads, 1));
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t worker) {
    control.throwIfCancelled();
    // FFTW's planner and executor take the input as mutable; a copy keeps the caller's array out of its reach.
    auto& section = sections[worker];
    section.ensure(shape.section());
    std::copy_n(real.data() + z * shape.section(), shape.section(), section.data());
    auto* out = spectrum.data() + z * shape.halfSection();
    Library<Real>::executeR2c(plans.sectionForward(shape.y, shape.x, section.data(), out), section.data(), raw(out));
    control.advance(1);
  });
  transformColumns<Real>(spectrum, shape, FFTW_FORWARD, threads, control);
}

template <typename Real>
void inverse(std::span<std::complex<Real>> spectrum, const Shape& shape, std::span<Real> real, int threads,
             const Control& control) {
  transformColumns<Real>(spectrum, shape, FFTW_BACKWARD, threads, control);
  auto& plans = PlanCache<Real>::instance();
  const Real scale = Real(1) / static_cast<Real>(shape.voxels());
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    auto* in = spectrum.data() + z * shape.halfSection();
    auto* out = real.data() + z * shape.section();
    Library<Real>::executeC2r(plans.sectionInverse(shape.y, shape.x, in, out), raw(in), out);
    std::for_each(out, out + shape.section(), [scale](Real& value) { value *= scale; });
    control.advance(1);
  });
}

template void forward<float, float>(std::span<const float>, const Shape&, std::span<std::complex<float>>, int,
                                    const Control&);
template void forward<double, float>(std::span<const float>, const Shape&, std::span<std::complex<double>>, int,
                                     const Control&);
template void forward<double, double>(std::span<const double>, const Shape&, std::span<std::complex<double>>, int,
                                      const Control&);
template void inverse<float>(std::span<std::complex<float>>, const Shape&, std::span<float>, int, const Control&);
template void inverse<double>(std::span<std::complex<double>>, const Shape&, std::span<double>, int, const Control&);

}  // namespace locscale::fft
