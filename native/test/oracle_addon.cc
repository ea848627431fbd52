#include <napi.h>

#include "binding/task.h"
#include "test/gemmi_addon.h"
#include "test/local_fsc_oracle.h"
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

struct LocalFscTask {
  oracle::Maps maps;
  int window;
  double voxelSize, threshold;
  std::span<const std::uint32_t> voxels;
  int threads;
  bool timed;
  oracle::LocalFsc found;
  double seconds = 0;

  void execute() {
    if (!timed) {
      found = oracle::localFsc(maps, window, voxelSize, threshold, voxels, threads);
      return;
    }
    found.resolution.resize(voxels.size());
    seconds = oracle::timeLocalFsc(maps, window, voxelSize, threshold, voxels, found.resolution);
  }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    const auto set = [&](const char* name, const std::vector<double>& numbers) {
      auto array = Napi::Float64Array::New(env, numbers.size());
      std::copy(numbers.begin(), numbers.end(), array.Data());
      value.Set(name, array);
    };
    set("curves", found.curves);
    set("resolution", found.resolution);
    value.Set("seconds", seconds);
    return value;
  }
};

Napi::Value localFsc(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  LocalFscTask task{maps(arguments),
                    arguments.integer("windowSize"),
                    arguments.number("voxelSize"),
                    arguments.number("threshold"),
                    arguments.array<const std::uint32_t>("voxels"),
                    arguments.threads(),
                    arguments.has("timed"),
                    {}};
  return launch(std::move(arguments), std::move(task));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("localFsc", Napi::Function::New(env, localFsc, "localFsc"));
  registerGemmi(env, exports);
  exports.Set("timeWindowMethod", Napi::Function::New(env, timeWindowMethod, "timeWindowMethod"));
  return exports;
}

}  // namespace

}  // namespace locscale::binding

static Napi::Object initialiseOracle(Napi::Env env, Napi::Object exports) {
  return locscale::binding::initialise(env, exports);
}

NODE_API_MODULE(locscale_oracle, initialiseOracle)
