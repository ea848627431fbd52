#include "binding/form_arguments.h"
#include "binding/register.h"
#include "binding/task.h"
#include "kernels/audit/audit_windows.h"

namespace locscale::binding {

namespace {

struct AuditTask {
  audit::AuditInput input;
  audit::AuditOutput output;
  Control control;

  void execute() { audit::auditWindows(input, output, control); }

  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value auditWindowsCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  audit::AuditInput input;
  input.shape = arguments.shape();
  input.map = arguments.array<const float>("map");
  if (arguments.has("reference")) input.reference = arguments.array<const float>("reference");
  input.mapFill = static_cast<float>(arguments.number("mapFill"));
  input.referenceFill = static_cast<float>(arguments.number("referenceFill"));
  input.window = arguments.integer("windowSize");
  input.profile = static_cast<ProfileKind>(arguments.integer("profile"));
  input.factors = formParameters(arguments);
  input.smoothFactor = arguments.number("smoothFactor");
  if (arguments.has("differenceMask")) input.differenceMask = arguments.array<const std::uint8_t>("differenceMask");
  if (arguments.has("cutoffs")) {
    input.cutoffs = arguments.array<const float>("cutoffs");
    input.cutoffVoxelSize = arguments.number("cutoffVoxelSize");
  }
  input.voxels = arguments.array<const std::int32_t>("voxels");
  input.threads = arguments.threads();
  const audit::AuditOutput output{arguments.array<double>("profiles"), arguments.array<double>("numbers")};
  AuditTask task{std::move(input), output, arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerAudit(Napi::Env env, Napi::Object exports) {
  exports.Set("auditWindows", Napi::Function::New(env, locscale::binding::auditWindowsCall, "auditWindows"));
}
