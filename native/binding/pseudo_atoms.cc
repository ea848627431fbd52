#include "kernels/pseudo_atoms/build.h"

#include "kernels/pseudo_atoms/region.h"

#include <utility>

#include "binding/register.h"
#include "binding/task.h"

namespace locscale::binding {

namespace {

struct CountTask {
  std::span<const float> mask;
  float threshold;
  std::size_t count = 0;

  void execute() { count = pseudo::countReaching(mask, threshold); }
  Napi::Value pack(Napi::Env env) { return Napi::Number::New(env, static_cast<double>(count)); }
};

Napi::Value countCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  CountTask task{arguments.array<const float>("mask"), static_cast<float>(arguments.number("threshold"))};
  return launch(std::move(arguments), std::move(task));
}

struct BuildTask {
  pseudo::BuildInput input;
  Control control;
  pseudo::Built built;

  void execute() { built = pseudo::build(input, control); }

  Napi::Value pack(Napi::Env env) {
    const std::size_t count = built.atoms.size(), moments = built.course.history.size();
    auto positions = Napi::Float64Array::New(env, 3 * count);
    auto nearest = Napi::Float32Array::New(env, count);
    for (std::size_t i = 0; i < count; ++i) {
      const pseudo::Point& p = built.atoms[i];
      positions[3 * i] = p.x, positions[3 * i + 1] = p.y, positions[3 * i + 2] = p.z;
      nearest[i] = static_cast<float>(built.nearest[i]);
    }
    auto value = Napi::Object::New(env);
    value.Set("positions", positions);
    value.Set("nearest", nearest);
    value.Set("settled", built.course.settled);
    const auto column = [&](const char* name, double pseudo::Moment::*field) {
      auto array = Napi::Float64Array::New(env, moments);
      for (std::size_t i = 0; i < moments; ++i) array[i] = built.course.history[i].*field;
      value.Set(name, array);
    };
    column("energy", &pseudo::Moment::energy);
    column("meanStep", &pseudo::Moment::meanStep);
    column("closeContacts", &pseudo::Moment::closeContacts);
    column("medianNeighbour", &pseudo::Moment::medianNeighbour);
    column("inside", &pseudo::Moment::inside);
    column("meanMap", &pseudo::Moment::meanMap);
    return value;
  }
};

Napi::Value buildCall(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const pseudo::BuildInput input{arguments.array<const float>("map"),
                                 arguments.array<const float>("mask"),
                                 arguments.shape(),
                                 static_cast<float>(arguments.number("threshold")),
                                 static_cast<std::size_t>(arguments.number("atoms")),
                                 arguments.number("distance"),
                                 static_cast<pseudo::Solver>(arguments.integer("solver")),
                                 arguments.integer("iterations"),
                                 static_cast<std::uint32_t>(arguments.number("seed")),
                                 arguments.threads()};
  BuildTask task{input, arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerPseudoAtoms(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("countReaching", Napi::Function::New(env, countCall, "countReaching"));
  exports.Set("buildPseudoAtoms", Napi::Function::New(env, buildCall, "buildPseudoAtoms"));
}
