#include "binding/register.h"
#include "binding/task.h"
#include "kernels/context/subtract.h"

namespace locscale::binding {

namespace {

struct SubtractTask {
  std::span<const float> probability, target;
  Shape shape;
  context::SubtractSettings settings;
  std::span<float> cleaned, smooth;
  int threads;
  Control control;
  context::SubtractReport report;

  void execute() {
    report = context::subtract(probability, target, shape, settings, cleaned, smooth, threads, control);
  }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    auto components = Napi::Float64Array::New(env, report.components.size());
    for (std::size_t i = 0; i < report.components.size(); ++i) {
      components[i] = static_cast<double>(report.components[i]);
    }
    value.Set("components", components);
    value.Set("contextVoxels", static_cast<double>(report.contextVoxels));
    return value;
  }
};

Napi::Value subtractContext(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  SubtractTask task{arguments.array<const float>("probability"),
                    arguments.array<const float>("target"),
                    arguments.shape(),
                    {static_cast<float>(arguments.number("threshold")), arguments.integer("smoothing"),
                     arguments.integer("largest") != 0, arguments.integer("inverse") != 0},
                    arguments.array<float>("cleaned"),
                    arguments.array<float>("smooth"),
                    arguments.threads(),
                    arguments.control(),
                    {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerContext(Napi::Env env, Napi::Object exports) {
  exports.Set("subtractContext", Napi::Function::New(env, locscale::binding::subtractContext, "subtractContext"));
}
