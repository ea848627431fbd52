#include "binding/model_arguments.h"
#include "binding/register.h"
#include "binding/task.h"
#include "kernels/model/near_atoms.h"
#include "kernels/model/simulate.h"

namespace locscale::binding {

namespace {

struct SimulateTask {
  model::Simulation simulation;
  std::span<float> map;
  int threads;
  Control control;
  model::Simulated result;

  void execute() {
    control.setTotal(model::simulateUnits(simulation.box.shape));
    result = model::simulate(simulation, map, threads, control);
  }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("blur", result.blur);
    value.Set("outside", static_cast<double>(result.outside));
    return value;
  }
};

Napi::Value simulateModel(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  model::Simulation simulation{modelAtoms(arguments),
                               modelBox(arguments),
                               {arguments.array<const double>("operators"), arguments.number("weight")},
                               std::nullopt,
                               arguments.number("resolution")};
  if (arguments.has("blur")) simulation.blur = arguments.number("blur");
  SimulateTask task{simulation, arguments.array<float>("map"), arguments.threads(), arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

struct NearAtomsTask {
  model::Atoms atoms;
  model::Box box;
  double radius;
  std::span<std::uint8_t> mask;
  int threads;
  Control control;

  void execute() { model::markNearAtoms(atoms, box, radius, mask, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value voxelsNearAtoms(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  NearAtomsTask task{modelAtoms(arguments),      modelBox(arguments),
                     arguments.number("radius"), arguments.array<std::uint8_t>("mask"),
                     arguments.threads(),        arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerModelMaps(Napi::Env env, Napi::Object exports) {
  exports.Set("simulateModel", Napi::Function::New(env, locscale::binding::simulateModel, "simulateModel"));
  exports.Set("voxelsNearAtoms", Napi::Function::New(env, locscale::binding::voxelsNearAtoms, "voxelsNearAtoms"));
}
