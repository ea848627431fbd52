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

/** Transforms every z column of the spectrum in place, one row (fixed y) of columns at a time. */
template <typename Real>
void transformColumns(std::span<std::complex<Real>> spectrum, const Shape& shape, int sign, int threads,
                      const Control& control) {
  auto& plans = PlanCache<Real>::instance();
  const int columns = shape.halfX();
  parallelFor(shape.y, threads, [&](std::size_t y, std::size_t) {
    control.throwIfCancelled();
    auto* row = spectrum.data() + y * columns;
    const auto plan = plans.columns(shape.z, columns, static_cast<int>(shape.halfSection()), sign, row);
    Library<Real>::executeDft(plan, raw(row), raw(row));
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
