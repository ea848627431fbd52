#include "kernels/map/map.h"

#include <array>

#include "binding/register.h"
#include "binding/task.h"
#include "kernels/map/surface.h"

namespace locscale::binding {

namespace {

struct StatisticsTask {
  std::span<const float> voxels;
  int threads;
  Control control;
  map::Statistics result;

  void execute() { result = map::statistics(voxels, threads, control); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("min", result.min);
    value.Set("max", result.max);
    value.Set("mean", result.mean);
    value.Set("sd", result.sd);
    value.Set("zeros", static_cast<double>(result.zeros));
    value.Set("nonFinite", static_cast<double>(result.nonFinite));
    value.Set("firstNonFinite",
              result.firstNonFinite ? Napi::Value::From(env, static_cast<double>(*result.firstNonFinite)) : env.Null());
    return value;
  }
};

Napi::Value statistics(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  StatisticsTask task{arguments.array<const float>("voxels"), arguments.threads(), arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

struct CombineTask {
  std::span<const float> half1, half2;
  std::span<float> full;
  int threads;
  Control control;

  void execute() { map::combineHalfMaps(half1, half2, full, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value combineHalfMaps(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  CombineTask task{arguments.array<const float>("half1"), arguments.array<const float>("half2"),
                   arguments.array<float>("full"), arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct ContourLevelTask {
  std::span<const float> voxels;
  std::size_t count;
  float level = 0;

  void execute() { level = map::contourLevel(voxels, count); }
  Napi::Value pack(Napi::Env env) { return Napi::Number::New(env, level); }
};

Napi::Value contourLevel(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  ContourLevelTask task{arguments.array<const float>("voxels"), static_cast<std::size_t>(arguments.number("count"))};
  return launch(std::move(arguments), std::move(task));
}

struct SurfaceTask {
  std::span<const float> voxels;
  Shape shape;
  std::array<double, 3> spacing;
  float level;
  int threads;
  Control control;
  map::Surface result;

  void execute() { result = map::surface(voxels, shape, spacing, level, threads, control); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("area", result.area);
    value.Set("enclosed", static_cast<double>(result.enclosed));
    value.Set("regions", static_cast<double>(result.regions));
    return value;
  }
};

Napi::Value surface(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  SurfaceTask task{arguments.array<const float>("voxels"),
                   arguments.shape(),
                   {arguments.number("spacingZ"), arguments.number("spacingY"), arguments.number("spacingX")},
                   static_cast<float>(arguments.number("level")),
                   arguments.threads(),
                   arguments.control(),
                   {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerMap(Napi::Env env, Napi::Object exports) {
  exports.Set("statistics", Napi::Function::New(env, locscale::binding::statistics, "statistics"));
  exports.Set("contourLevel", Napi::Function::New(env, locscale::binding::contourLevel, "contourLevel"));
  exports.Set("surface", Napi::Function::New(env, locscale::binding::surface, "surface"));
  exports.Set("combineHalfMaps", Napi::Function::New(env, locscale::binding::combineHalfMaps, "combineHalfMaps"));
}
