#include <napi.h>

#include "binding/task.h"
#include "test/window_timing.h"

// The addon `locscale_oracle`: loaded by tests and benchmarks only.

namespace locscale::binding {

namespace {

oracle::Maps maps(Arguments& arguments) {
  return {arguments.array<const float>("map"), arguments.array<const float>("reference"),
          static_cast<float>(arguments.number("fillMap")), static_cast<float>(arguments.number("fillReference")),
          arguments.shape()};
}

struct TimingTask {
  oracle::Maps maps;
  int window;
  std::span<const std::uint32_t> voxels;
  oracle::WindowTiming timing;

  void execute() { timing = oracle::timeWindowMethod(maps, window, voxels); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    auto values = Napi::Float32Array::New(env, timing.values.size());
    std::copy(timing.values.begin(), timing.values.end(), values.Data());
    value.Set("seconds", timing.seconds);
    value.Set("values", values);
    return value;
  }
};

Napi::Value timeWindowMethod(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  TimingTask task{maps(arguments), arguments.integer("windowSize"), arguments.array<const std::uint32_t>("voxels"), {}};
  return launch(std::move(arguments), std::move(task));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("timeWindowMethod", Napi::Function::New(env, timeWindowMethod, "timeWindowMethod"));
  return exports;
}

}  // namespace

}  // namespace locscale::binding

static Napi::Object initialiseOracle(Napi::Env env, Napi::Object exports) {
  return locscale::binding::initialise(env, exports);
}

NODE_API_MODULE(locscale_oracle, initialiseOracle)
