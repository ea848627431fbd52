#include <fftw3.h>

#include <string>

#if defined(__linux__)
#include <signal.h>
#include <sys/prctl.h>
#endif
#if !defined(_WIN32)
#include <unistd.h>
#endif

#include "binding/register.h"
#include "kernels/scaling/tile_kernel.h"

namespace locscale::binding {

namespace {

/** Text such as "fftw-3.3.10-sse2-avx"; the single precision library, which the scaling uses. */
std::string fftwVersion() { return fftwf_version; }

Napi::Value nativeInfo(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto targets = Napi::Array::New(env);
  for (const std::string& target : simdTargets()) targets.Set(targets.Length(), target);
  auto value = Napi::Object::New(env);
  value.Set("simd", simdTarget());
  value.Set("targets", targets);
  value.Set("lanes", tileLanes());
  value.Set("fftw", fftwVersion());
  return value;
}

/**
 * Asks the kernel (Linux) to kill this process when the parent ends, even in the middle of a calculation.
 * Returns whether the given parent is still there: it may have died before the request.
 */
Napi::Value dieWithParent(const Napi::CallbackInfo& info) {
  bool parentAlive = true;
#if defined(__linux__)
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) parentAlive = false;
#endif
#if !defined(_WIN32)
  parentAlive = parentAlive && getppid() == info[0].As<Napi::Number>().Int32Value();
#endif
  return Napi::Boolean::New(info.Env(), parentAlive);
}

}  // namespace

}  // namespace locscale::binding

void registerProcess(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("nativeInfo", Napi::Function::New(env, nativeInfo, "nativeInfo"));
  exports.Set("dieWithParent", Napi::Function::New(env, dieWithParent, "dieWithParent"));
}
