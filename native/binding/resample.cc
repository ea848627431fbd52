#include "binding/register.h"
#include "binding/task.h"
#include "kernels/resample/resample.h"

namespace locscale::binding {

namespace {

struct FourierTask {
  std::span<const float> map;
  Shape shape;
  std::span<float> target;
  Shape targetShape;
  int threads;
  Control control;

  void execute() { resample::fourierResample(map, shape, target, targetShape, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value fourierResample(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  FourierTask task{arguments.array<const float>("map"), arguments.shape(),   arguments.array<float>("target"),
                   arguments.shape("targetShape"),      arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct SplineTask {
  std::span<const float> map;
  Shape shape;
  int order;
  std::array<double, 3> step;
  resample::Outside outside;
  std::span<float> target;
  Shape targetShape;
  int threads;
  Control control;

  void execute() { resample::splineResample(map, shape, order, step, outside, target, targetShape, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value splineResample(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  SplineTask task{arguments.array<const float>("map"),
                  arguments.shape(),
                  arguments.integer("order"),
                  {arguments.number("stepZ"), arguments.number("stepY"), arguments.number("stepX")},
                  arguments.number("zeroOutside") != 0 ? resample::Outside::zero : resample::Outside::edge,
                  arguments.array<float>("target"),
                  arguments.shape("targetShape"),
                  arguments.threads(),
                  arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerResample(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("fourierResample", Napi::Function::New(env, fourierResample, "fourierResample"));
  exports.Set("splineResample", Napi::Function::New(env, splineResample, "splineResample"));
}
