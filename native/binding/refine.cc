#include <algorithm>

#include "binding/model_arguments.h"
#include "binding/register.h"
#include "binding/task.h"
#include "kernels/refine/local_b.h"
#include "kernels/refine/refine_adp.h"

namespace locscale::binding {

namespace {

/** Numbers of a cycle as JavaScript reads them; the face has the same list. */
constexpr std::size_t kCycleWords = 7;

template <typename Array, typename T>
Array typed(Napi::Env env, const std::vector<T>& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

struct RefineTask {
  refine::Refinement input;
  std::span<double> cycles;  ///< one row of kCycleWords for each slab of the control block
  int threads;
  Control control;
  refine::Refined result;

  void execute() {
    std::size_t row = 0;
    result = refine::refineAdp(input, threads, control, [&](const refine::StageCycle& cycle) {
      if ((row + 1) * kCycleWords > cycles.size()) return;
      const double words[kCycleWords] = {static_cast<double>(cycle.stage),
                                         cycle.final ? 1.0 : 0.0,
                                         cycle.lambda,
                                         static_cast<double>(cycle.evaluation),
                                         cycle.value,
                                         cycle.fscWork,
                                         cycle.fscFree};
      std::copy_n(words, kCycleWords, cycles.data() + row * kCycleWords);
      control.finishSlab(row++);
    });
  }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("bFactors", typed<Napi::Float32Array>(env, result.b));
    value.Set("refined", typed<Napi::Uint8Array>(env, result.refined));
    std::vector<double> trials;
    for (const auto& [lambda, work, free] : result.trials) trials.insert(trials.end(), {lambda, work, free});
    value.Set("trials", typed<Napi::Float64Array>(env, trials));
    value.Set("frequency", typed<Napi::Float64Array>(env, result.shells.frequency));
    value.Set("count", typed<Napi::Float64Array>(env, result.shells.count));
    value.Set("fscCurveBefore", typed<Napi::Float64Array>(env, result.shells.fscBefore));
    value.Set("fscCurve", typed<Napi::Float64Array>(env, result.shells.fsc));
    value.Set("scale", typed<Napi::Float64Array>(env, result.shells.scale));
    value.Set("variance", typed<Napi::Float64Array>(env, result.shells.variance));
    value.Set("lambda", result.lambda);
    value.Set("fscWorkBefore", result.fscWorkBefore);
    value.Set("fscFreeBefore", result.fscFreeBefore);
    value.Set("fscBefore", result.fscBefore);
    value.Set("fsc", result.fsc);
    value.Set("evaluations", result.evaluations);
    value.Set("outside", static_cast<double>(result.outside));
    value.Set("atLeast", static_cast<double>(result.atLeast));
    value.Set("atMost", static_cast<double>(result.atMost));
    return value;
  }
};

Napi::Value refineAdp(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  refine::Refinement input;
  input.atoms = modelAtoms(arguments);
  input.box = modelBox(arguments);
  input.map = arguments.array<const float>("map");
  if (arguments.has("half2")) input.half2 = arguments.array<const float>("half2");
  if (arguments.has("mask")) input.mask = arguments.array<const float>("mask");
  if (arguments.has("pseudo")) input.pseudo = arguments.array<const std::uint8_t>("pseudo");
  input.dMin = arguments.number("dMin");
  input.startB = arguments.number("startB");
  if (arguments.has("lambda")) input.lambda = arguments.number("lambda");
  RefineTask task{input, arguments.array<double>("cycles"), arguments.threads(), arguments.control(), {}};
  return launch(std::move(arguments), std::move(task));
}

struct AverageTask {
  std::span<const double> positions;
  std::span<const float> b;
  double radius;
  int threads;
  Control control;
  std::vector<float> means;

  void execute() { means = refine::averageB(positions, b, radius, threads, control); }
  Napi::Value pack(Napi::Env env) { return typed<Napi::Float32Array>(env, means); }
};

Napi::Value averageBFactors(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  AverageTask task{arguments.array<const double>("positions"),
                   arguments.array<const float>("bFactors"),
                   arguments.number("radius"),
                   arguments.threads(),
                   arguments.control(),
                   {}};
  return launch(std::move(arguments), std::move(task));
}

struct ShiftTask {
  std::span<const float> b;
  double shift = 0;

  void execute() { shift = refine::shiftOf(b); }
  Napi::Value pack(Napi::Env env) { return Napi::Number::New(env, shift); }
};

Napi::Value bFactorShift(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  ShiftTask task{arguments.array<const float>("bFactors")};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerRefine(Napi::Env env, Napi::Object exports) {
  exports.Set("refineAdp", Napi::Function::New(env, locscale::binding::refineAdp, "refineAdp"));
  exports.Set("averageBFactors", Napi::Function::New(env, locscale::binding::averageBFactors, "averageBFactors"));
  exports.Set("bFactorShift", Napi::Function::New(env, locscale::binding::bFactorShift, "bFactorShift"));
}
