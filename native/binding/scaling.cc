#include "kernels/scaling/scale_windows.h"

#include "binding/form_arguments.h"
#include "binding/register.h"
#include "binding/task.h"
#include "kernels/scaling/tile_kernel.h"
#include "kernels/scaling/tiles.h"

namespace locscale::binding {

namespace {

// JavaScript sees the counts as an Int32Array, `countsOfSlab` numbers for each slab (native/src/scaling.ts).
static_assert(sizeof(SlabCounts) == 3 * sizeof(int32_t));

struct ScaleWindowsTask {
  ScaleWindowsInput input;
  ScaleWindowsOutput output;
  Control control;

  void execute() { scaleWindows(input, output, control); }

  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value scaleWindowsCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  ScaleWindowsInput input;
  input.shape = arguments.shape();
  input.map = arguments.array<const float>("map").data();
  if (arguments.has("reference")) input.reference = arguments.array<const float>("reference").data();
  input.mask = arguments.array<const std::uint8_t>("mask").data();
  input.window = arguments.integer("windowSize");
  input.profile = static_cast<ProfileKind>(arguments.integer("profile"));
  input.mapFill = static_cast<float>(arguments.number("mapFill"));
  input.referenceFill = static_cast<float>(arguments.number("referenceFill"));
  input.threads = arguments.threads();
  input.factors = formParameters(arguments);
  if (arguments.has("cutoffs")) {
    input.cutoffs = arguments.array<const float>("cutoffs").data();
    input.cutoffVoxelSize = arguments.number("cutoffVoxelSize");
  }
  if (arguments.has("differenceMask")) {
    input.differenceMask = arguments.array<const std::uint8_t>("differenceMask").data();
  }
  ScaleWindowsOutput output;
  output.scaled = arguments.array<float>("scaled").data();
  if (arguments.has("bfactors")) output.bfactors = arguments.array<float>("bfactors").data();
  if (arguments.has("qualities")) output.qualities = arguments.array<float>("qualities").data();
  output.slabs = reinterpret_cast<SlabCounts*>(arguments.array<int32_t>("slabCounts").data());
  ScaleWindowsTask task{input, output, arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

Napi::Value restrictSimd(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), restrictSimdTarget(info[0].As<Napi::String>().Utf8Value()));
}

}  // namespace

}  // namespace locscale::binding

void registerScaling(Napi::Env env, Napi::Object exports) {
  exports.Set("slabSections", Napi::Number::New(env, locscale::kSlabSections));
  exports.Set("bandColumns", Napi::Number::New(env, locscale::kBandColumns));
  exports.Set("scaleWindows", Napi::Function::New(env, locscale::binding::scaleWindowsCall, "scaleWindows"));
  exports.Set("restrictSimd", Napi::Function::New(env, locscale::binding::restrictSimd, "restrictSimd"));
}
