#include "kernels/symmetry/symmetry.h"

#include <algorithm>

#include "binding/register.h"
#include "binding/task.h"

namespace locscale::binding {

namespace {

struct CoefficientsTask {
  std::span<float> voxels;
  Shape shape;
  int threads;
  Control control;

  void execute() {
    control.setTotal(shape.z + shape.y);
    symmetry::splineCoefficients(voxels, shape, true, threads, control);
  }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value splineCoefficients(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  CoefficientsTask task{arguments.array<float>("voxels"), arguments.shape(), arguments.threads(), arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct SymmetriseTask {
  std::span<const float> map;
  Shape shape;
  std::vector<symmetry::Operator> operators;
  std::span<float> averaged;
  int threads;
  Control control;

  void execute() { symmetry::symmetrise(map, shape, operators, averaged, threads, control); }
  Napi::Value pack(Napi::Env env) { return env.Undefined(); }
};

Napi::Value symmetrise(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  SymmetriseTask task{arguments.array<const float>("map"),
                      arguments.shape(),
                      symmetry::unpackOperators(arguments.array<const double>("operators")),
                      arguments.array<float>("averaged"),
                      arguments.threads(),
                      arguments.control()};
  return launch(std::move(arguments), std::move(task));
}

struct CorrelateTask {
  std::span<const float> map, coefficients;
  Shape shape;
  std::span<const std::uint32_t> voxels;
  std::vector<symmetry::Operator> operators;
  int threads;
  Control control;
  std::vector<symmetry::Correlation> result;

  void execute() { result = symmetry::correlate(map, coefficients, shape, voxels, operators, threads, control); }

  /** Pairs of correlation and number of voxels. */
  Napi::Value pack(Napi::Env env) {
    auto pairs = Napi::Float64Array::New(env, 2 * result.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      pairs[2 * i] = result[i].value;
      pairs[2 * i + 1] = static_cast<double>(result[i].voxels);
    }
    return pairs;
  }
};

Napi::Value correlate(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  CorrelateTask task{arguments.array<const float>("map"),
                     arguments.array<const float>("coefficients"),
                     arguments.shape(),
                     arguments.array<const std::uint32_t>("voxels"),
                     symmetry::unpackOperators(arguments.array<const double>("operators")),
                     arguments.threads(),
                     arguments.control(),
                     {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerSymmetry(Napi::Env env, Napi::Object exports) {
  using namespace locscale::binding;
  exports.Set("splineCoefficients", Napi::Function::New(env, splineCoefficients, "splineCoefficients"));
  exports.Set("symmetrise", Napi::Function::New(env, symmetrise, "symmetrise"));
  exports.Set("symmetryCorrelations", Napi::Function::New(env, correlate, "symmetryCorrelations"));
}
