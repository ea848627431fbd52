#include "kernels/handedness/handedness.h"

#include "binding/register.h"
#include "binding/task.h"

namespace locscale::binding {

namespace {

struct HandednessTask {
  std::span<const float> map;
  std::span<const std::uint8_t> mask;
  Shape shape;
  double sigma;
  int edge;
  int threads;
  Control control;
  std::vector<handedness::BlockSums> sums;

  void execute() { sums = handedness::handedness(map, mask, shape, sigma, edge, threads, control); }

  /** Pairs of sums, block by block. */
  Napi::Value pack(Napi::Env env) {
    auto pairs = Napi::Float64Array::New(env, 2 * sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      pairs[2 * i] = sums[i].turn;
      pairs[2 * i + 1] = sums[i].size;
    }
    return pairs;
  }
};

Napi::Value measureHandedness(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  HandednessTask task{arguments.array<const float>("map"),
                      arguments.array<const std::uint8_t>("mask"),
                      arguments.shape(),
                      arguments.number("sigma"),
                      arguments.integer("edge"),
                      arguments.threads(),
                      arguments.control(),
                      {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerHandedness(Napi::Env env, Napi::Object exports) {
  exports.Set("measureHandedness", Napi::Function::New(env, locscale::binding::measureHandedness, "measureHandedness"));
}
