#include "kernels/fft/plan_cache.h"

#include "kernels/fail.h"
#include "kernels/fft/planner.h"

namespace locscale::fft {

namespace {

template <typename Real>
int alignment(const void* pointer) {
  return Library<Real>::alignmentOf(static_cast<Real*>(const_cast<void*>(pointer)));
}

}  // namespace

template <typename Real>
PlanCache<Real>& PlanCache<Real>::instance() {
  static PlanCache cache;
  return cache;
}

template <typename Real>
template <typename MakePlan>
typename PlanCache<Real>::Plan PlanCache<Real>::find(const Key& key, MakePlan&& make) {
  const std::lock_guard lock(mutex_);
  auto& plan = plans_[key];
  if (!plan) {
    const std::lock_guard planner(plannerMutex());
    plan.reset(make());
    if (!plan) fail("limit.size", "FFTW has no plan for a transform of ", key.n0, " x ", key.n1, " points.");
  }
  return plan.get();
}

template <typename Real>
typename PlanCache<Real>::Plan PlanCache<Real>::sectionForward(int ny, int nx, Real* in, Complex* out) {
  return find({Kind::sectionForward, ny, nx, alignment<Real>(in), alignment<Real>(out)}, [&] {
    const int n[] = {ny, nx};
    return Library<Real>::planManyR2c(2, n, 1, in, nullptr, 1, 0, raw(out), nullptr, 1, 0, FFTW_ESTIMATE);
  });
}

template <typename Real>
typename PlanCache<Real>::Plan PlanCache<Real>::sectionInverse(int ny, int nx, Complex* in, Real* out) {
  return find({Kind::sectionInverse, ny, nx, alignment<Real>(in), alignment<Real>(out)}, [&] {
    const int n[] = {ny, nx};
    return Library<Real>::planManyC2r(2, n, 1, raw(in), nullptr, 1, 0, out, nullptr, 1, 0, FFTW_ESTIMATE);
  });
}

template <typename Real>
typename PlanCache<Real>::Plan PlanCache<Real>::columns(int nz, int columns, int sign, Complex* data) {
  const Kind kind = sign == FFTW_FORWARD ? Kind::columnsForward : Kind::columnsInverse;
  const int align = alignment<Real>(data);
  return find({kind, nz, columns, align, align}, [&] {
    const int n[] = {nz};
    return Library<Real>::planManyDft(1, n, columns, raw(data), nullptr, columns, 1, raw(data), nullptr, columns, 1,
                                      sign, FFTW_ESTIMATE);
  });
}

template class PlanCache<float>;
template class PlanCache<double>;

}  // namespace locscale::fft
