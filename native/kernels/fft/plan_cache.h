#pragma once

#include <fftw3.h>

#include <complex>
#include <map>
#include <memory>
#include <mutex>
#include <type_traits>

namespace locscale::fft {

/** The names of FFTW's single and double precision libraries, so that the code above them is written once. */
template <typename Real>
struct Library;

template <>
struct Library<float> {
  using Plan = fftwf_plan;
  using Complex = fftwf_complex;
  static constexpr auto alignmentOf = fftwf_alignment_of;
  static constexpr auto planManyR2c = fftwf_plan_many_dft_r2c;
  static constexpr auto planManyC2r = fftwf_plan_many_dft_c2r;
  static constexpr auto planManyDft = fftwf_plan_many_dft;
  static constexpr auto executeR2c = fftwf_execute_dft_r2c;
  static constexpr auto executeC2r = fftwf_execute_dft_c2r;
  static constexpr auto executeDft = fftwf_execute_dft;
  static constexpr auto destroy = fftwf_destroy_plan;
};

template <>
struct Library<double> {
  using Plan = fftw_plan;
  using Complex = fftw_complex;
  static constexpr auto alignmentOf = fftw_alignment_of;
  static constexpr auto planManyR2c = fftw_plan_many_dft_r2c;
  static constexpr auto planManyC2r = fftw_plan_many_dft_c2r;
  static constexpr auto planManyDft = fftw_plan_many_dft;
  static constexpr auto executeR2c = fftw_execute_dft_r2c;
  static constexpr auto executeC2r = fftw_execute_dft_c2r;
  static constexpr auto executeDft = fftw_execute_dft;
  static constexpr auto destroy = fftw_destroy_plan;
};

template <typename Real>
typename Library<Real>::Complex* raw(std::complex<Real>* values) noexcept {
  return reinterpret_cast<typename Library<Real>::Complex*>(values);
}

/**
 * Owner of FFTW plans; every plan of the addon that outlives a call lies here.
 * Plans are made with FFTW_ESTIMATE: no arrays are touched, nothing is timed, no wisdom is kept, and the same box
 * always gets the same plan, hence the same rounding. A plan holds only for arrays aligned like those that it was
 * made for, which is why the alignments are part of the key.
 */
template <typename Real>
class PlanCache {
 public:
  using Plan = typename Library<Real>::Plan;
  using Complex = std::complex<Real>;

  /** The process-wide cache for this precision. */
  static PlanCache& instance();

  /** Forward transform of one (ny, nx) section, out of place, to (ny, nx/2+1). */
  Plan sectionForward(int ny, int nx, Real* in, Complex* out);
  /** Its inverse, unnormalised; overwrites `in`. */
  Plan sectionInverse(int ny, int nx, Complex* in, Real* out);
  /** In-place transforms of `columns` interleaved columns: a (nz, columns) array along its first axis. */
  Plan columns(int nz, int columns, int sign, Complex* data);

  PlanCache(const PlanCache&) = delete;
  PlanCache& operator=(const PlanCache&) = delete;

 private:
  enum class Kind { sectionForward, sectionInverse, columnsForward, columnsInverse };
  struct Key {
    Kind kind;
    int n0, n1;
    int alignIn, alignOut;
    auto operator<=>(const Key&) const = default;
  };
  struct Destroy {
    void operator()(std::remove_pointer_t<Plan>* plan) const { Library<Real>::destroy(plan); }
  };

  PlanCache() = default;

  template <typename MakePlan>
  Plan find(const Key& key, MakePlan&& make);

  std::mutex mutex_;
  std::map<Key, std::unique_ptr<std::remove_pointer_t<Plan>, Destroy>> plans_;
};

}  // namespace locscale::fft
