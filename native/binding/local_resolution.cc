#include "kernels/local_resolution/local_resolution.h"

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
  input.fill1 = static_cast<float>(arguments.number("fill1"));
  input.fill2 = static_cast<float>(arguments.number("fill2"));
  input.threads = arguments.threads();
  local::LocalResolutionOutput output;
  output.resolution = arguments.array<float>("resolution").data();
  if (arguments.has("curves")) output.curves = arguments.array<float>("curves").data();
  LocalResolutionTask task{input, output, arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerLocalResolution(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("localResolution", Napi::Function::New(env, localResolutionCall, "localResolution"));
}
