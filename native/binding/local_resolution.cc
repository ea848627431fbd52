#include "kernels/local_resolution/local_resolution.h"

#include "kernels/local_resolution/local_filter.h"
#include "kernels/local_resolution/smooth.h"
#include "kernels/local_resolution/whiten.h"

#include <algorithm>
#include <vector>

#include "binding/register.h"
#include "binding/task.h"

namespace locscale::binding {

namespace {

struct LocalResolutionTask {
  local::LocalResolutionInput input;
  local::LocalResolutionOutput output;
  Control control;
  local::LocalResolutionReport report;

  void execute() { report = local::localResolution(input, output, control); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("voxels", static_cast<double>(report.voxels));
    value.Set("emptyWindows", static_cast<double>(report.emptyWindows));
    value.Set("beyondNyquist", static_cast<double>(report.beyondNyquist));
    value.Set("unresolved", static_cast<double>(report.unresolved));
    return value;
  }
};

Napi::Value localResolutionCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  local::LocalResolutionInput input;
  input.shape = arguments.shape();
  input.half1 = arguments.array<const float>("half1").data();
  input.half2 = arguments.array<const float>("half2").data();
  input.mask = arguments.array<const std::uint8_t>("mask").data();
  input.window = arguments.integer("windowSize");
  input.voxelSize = arguments.number("voxelSize");
  input.threshold = arguments.number("threshold");
  input.threads = arguments.threads();
  local::LocalResolutionOutput output;
  output.resolution = arguments.array<float>("resolution").data();
  if (arguments.has("curves")) output.curves = arguments.array<float>("curves").data();
  LocalResolutionTask task{input, output, arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

struct WhitenTask {
  std::span<const float> half1, half2;
  Shape shape;
  std::span<float> whitened1, whitened2;
  int threads;
  Control control;
  std::vector<double> curve;

  void execute() { curve = local::whitenHalfMaps(half1, half2, shape, whitened1, whitened2, threads, control); }
  Napi::Value pack(Napi::Env env) {
    auto array = Napi::Float64Array::New(env, curve.size());
    std::copy(curve.begin(), curve.end(), array.Data());
    return array;
  }
};

Napi::Value whitenCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  WhitenTask task{arguments.array<const float>("half1"),
                  arguments.array<const float>("half2"),
                  arguments.shape(),
                  arguments.array<float>("whitened1"),
                  arguments.array<float>("whitened2"),
                  arguments.threads(),
                  arguments.control(),
                  {}};
  return launch(std::move(arguments), std::move(task));
}

struct SmoothTask {
  std::span<const float> values;
  Shape shape;
  double spacing;
  std::span<float> smooth;
  int threads;
  Control control;

  void execute() { local::smoothByBSpline(values, shape, spacing, smooth, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value smoothCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  SmoothTask task{arguments.array<const float>("values"), arguments.shape(),   arguments.number("spacing"),
                  arguments.array<float>("smooth"),       arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct LocalFilterTask {
  std::span<const float> map;
  Shape shape;
  std::span<const float> resolution;
  double voxelSize;
  std::span<float> filtered;
  int threads;
  Control control;

  void execute() { local::localFilter(map, shape, resolution, voxelSize, filtered, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value localFilterCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  LocalFilterTask task{arguments.array<const float>("map"),
                       arguments.shape(),
                       arguments.array<const float>("resolution"),
                       arguments.number("voxelSize"),
                       arguments.array<float>("filtered"),
                       arguments.threads(),
                       arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerLocalResolution(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("whitenHalfMaps", Napi::Function::New(env, whitenCall, "whitenHalfMaps"));
  exports.Set("smoothByBSpline", Napi::Function::New(env, smoothCall, "smoothByBSpline"));
  exports.Set("localFilter", Napi::Function::New(env, localFilterCall, "localFilter"));
  exports.Set("localResolution", Napi::Function::New(env, localResolutionCall, "localResolution"));
}
