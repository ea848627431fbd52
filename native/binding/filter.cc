#include "binding/register.h"
#include "binding/task.h"
#include "kernels/filter/cosine_mask.h"
#include "kernels/filter/radial_gain.h"

namespace locscale::binding {

namespace {

struct RadialGainTask {
  std::span<const float> map;
  Shape shape;
  filter::RadialGain gain;
  std::span<float> filtered;
  int threads;
  Control control;

  void execute() {
    control.setTotal(filter::radialGainUnits(shape));
    filter::applyRadialGain<float>(map, shape, gain, filtered, threads, control);
  }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

/** Which gain it is follows from the names that are there: `gains`, `b`, or the cut-offs of a band. */
filter::RadialGain unpackGain(Arguments& arguments) {
  if (arguments.has("gains")) {
    return filter::ShellGains{arguments.array<const double>("gains"), arguments.number("beyond")};
  }
  if (arguments.has("b")) return filter::GlobalB{arguments.number("b")};
  return filter::TanhBand{arguments.number("lowPass"), arguments.number("highPass")};
}

Napi::Value applyRadialGain(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  RadialGainTask task{arguments.array<const float>("map"), arguments.shape(),   unpackGain(arguments),
                      arguments.array<float>("filtered"),  arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct CosineMaskTask {
  std::span<const float> mask;
  Shape shape;
  int length;
  std::span<float> soft;
  int threads;
  Control control;

  void execute() { filter::cosineMask(mask, shape, length, soft, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value cosineMask(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  CosineMaskTask task{arguments.array<const float>("mask"), arguments.shape(),   arguments.integer("length"),
                      arguments.array<float>("soft"),       arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerFilter(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("applyRadialGain", Napi::Function::New(env, applyRadialGain, "applyRadialGain"));
  exports.Set("cosineMask", Napi::Function::New(env, cosineMask, "cosineMask"));
}
