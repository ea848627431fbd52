#include <complex>

#include "binding/register.h"
#include "binding/task.h"
#include "kernels/fft/fft3.h"

namespace locscale::binding {

namespace {

/** JavaScript holds a spectrum as interleaved (re, im) pairs, which is how std::complex lies in memory. */
template <typename Real>
std::span<std::complex<Real>> asComplex(std::span<Real> pairs) {
  return {reinterpret_cast<std::complex<Real>*>(pairs.data()), pairs.size() / 2};
}

template <typename Real>
struct ForwardTask {
  std::span<const Real> real;
  std::span<std::complex<Real>> spectrum;
  Shape shape;
  int threads;
  Control control;

  void execute() {
    control.setTotal(shape.z + shape.y);
    fft::forward<Real, Real>(real, shape, spectrum, threads, control);
  }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

template <typename Real>
struct InverseTask {
  std::span<std::complex<Real>> spectrum;
  std::span<Real> real;
  Shape shape;
  int threads;
  Control control;

  void execute() {
    control.setTotal(shape.z + shape.y);
    fft::inverse<Real>(spectrum, shape, real, threads, control);
  }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

template <typename Real>
Napi::Value launchForward(Arguments&& arguments) {
  ForwardTask<Real> task{arguments.array<const Real>("real"), asComplex(arguments.array<Real>("spectrum")),
                         arguments.shape(), arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

template <typename Real>
Napi::Value launchInverse(Arguments&& arguments) {
  InverseTask<Real> task{asComplex(arguments.array<Real>("spectrum")), arguments.array<Real>("real"), arguments.shape(),
                         arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

Napi::Value fft3(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  return arguments.isFloat64("real") ? launchForward<double>(std::move(arguments))
                                     : launchForward<float>(std::move(arguments));
}

Napi::Value inverseFft3(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  return arguments.isFloat64("real") ? launchInverse<double>(std::move(arguments))
                                     : launchInverse<float>(std::move(arguments));
}

}  // namespace

}  // namespace locscale::binding

void registerFft(Napi::Env env, Napi::Object exports) {
  exports.Set("fft3", Napi::Function::New(env, locscale::binding::fft3, "fft3"));
  exports.Set("inverseFft3", Napi::Function::New(env, locscale::binding::inverseFft3, "inverseFft3"));
}
