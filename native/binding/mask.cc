#include "binding/register.h"
#include "binding/task.h"
#include "kernels/mask/confidence.h"

namespace locscale::binding {

namespace {

struct ConfidenceTask {
  std::span<const float> map;
  Shape shape;
  mask::ConfidenceSettings settings;
  std::span<float> confidence;
  std::span<std::uint8_t> mask;
  int threads;
  Control control;
  mask::ConfidenceReport report;

  void execute() { report = mask::confidenceMask(map, shape, settings, confidence, mask, threads, control); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("noiseMean", report.noise.mean);
    value.Set("noiseVariance", report.noise.variance);
    value.Set("ballVoxels", static_cast<double>(report.ballVoxels));
    value.Set("maskedVoxels", static_cast<double>(report.maskedVoxels));
    value.Set("mapThreshold",
              report.maskedVoxels > 0 ? Napi::Value::From(env, report.mapThreshold) : Napi::Value(env.Null()));
    value.Set("highestConfidence", report.highestConfidence);
    return value;
  }
};

/** Boxes cross as whole numbers z, y, x of each first corner, one box after another, and one edge for all. */
std::vector<mask::NoiseBox> unpackBoxes(Arguments& arguments) {
  const auto corners = arguments.array<const std::int32_t>("corners");
  const int edge = arguments.integer("boxEdge");
  std::vector<mask::NoiseBox> boxes;
  for (std::size_t i = 0; i + 2 < corners.size(); i += 3) {
    boxes.push_back({corners[i], corners[i + 1], corners[i + 2], edge});
  }
  return boxes;
}

Napi::Value confidenceMask(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  ConfidenceTask task{arguments.array<const float>("map"),
                      arguments.shape(),
                      {unpackBoxes(arguments), arguments.number("lowPass"), arguments.number("rate")},
                      arguments.array<float>("confidence"),
                      arguments.array<std::uint8_t>("mask"),
                      arguments.threads(),
                      arguments.control(),
                      {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerMask(Napi::Env env, Napi::Object exports) {
  exports.Set("confidenceMask", Napi::Function::New(env, locscale::binding::confidenceMask, "confidenceMask"));
}
