#include "kernels/fsc/fsc.h"

#include <algorithm>
#include <vector>

#include "binding/register.h"
#include "binding/task.h"
#include "kernels/fsc/randomise_phases.h"

namespace locscale::binding {

namespace {

Napi::Value packCurve(Napi::Env env, const std::vector<double>& curve) {
  auto array = Napi::Float64Array::New(env, curve.size());
  std::copy(curve.begin(), curve.end(), array.Data());
  return array;
}

struct FscTask {
  std::span<const float> half1, half2;
  Shape shape;
  int threads;
  Control control;
  std::vector<double> curve;

  void execute() { curve = fsc::fourierShellCorrelation(half1, half2, shape, threads, control); }
  Napi::Value pack(Napi::Env env) { return packCurve(env, curve); }
};

Napi::Value fourierShellCorrelation(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  FscTask task{arguments.array<const float>("half1"),
               arguments.array<const float>("half2"),
               arguments.shape(),
               arguments.threads(),
               arguments.control(),
               {}};
  return launch(std::move(arguments), std::move(task));
}

struct ProfileTask {
  std::span<const float> map;
  Shape shape;
  bool octant;
  int threads;
  Control control;
  std::vector<double> profile;

  void execute() {
    profile =
        octant ? fsc::octantProfile(map, shape, threads, control) : fsc::radialProfile(map, shape, threads, control);
  }
  Napi::Value pack(Napi::Env env) { return packCurve(env, profile); }
};

Napi::Value launchProfile(const Napi::CallbackInfo& info, bool octant) {
  Arguments arguments(info);
  ProfileTask task{
      arguments.array<const float>("map"), arguments.shape(), octant, arguments.threads(), arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

Napi::Value radialProfile(const Napi::CallbackInfo& info) { return launchProfile(info, false); }
Napi::Value octantProfile(const Napi::CallbackInfo& info) { return launchProfile(info, true); }

struct RandomiseTask {
  std::span<const float> map;
  Shape shape;
  int firstShell;
  std::uint32_t seed;
  std::span<float> randomised;
  int threads;
  Control control;

  void execute() { fsc::randomisePhases(map, shape, firstShell, seed, randomised, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value randomisePhases(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  RandomiseTask task{arguments.array<const float>("map"),
                     arguments.shape(),
                     arguments.integer("firstShell"),
                     static_cast<std::uint32_t>(arguments.number("seed")),
                     arguments.array<float>("randomised"),
                     arguments.threads(),
                     arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerFsc(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("fourierShellCorrelation", Napi::Function::New(env, fourierShellCorrelation, "fourierShellCorrelation"));
  exports.Set("radialProfile", Napi::Function::New(env, radialProfile, "radialProfile"));
  exports.Set("octantProfile", Napi::Function::New(env, octantProfile, "octantProfile"));
  exports.Set("randomisePhases", Napi::Function::New(env, randomisePhases, "randomisePhases"));
}
