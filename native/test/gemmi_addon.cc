#include "binding/task.h"
#include "kernels/model/blobs.h"
#include "kernels/model/splat.h"
#include "test/gemmi_addon.h"
#include "test/gemmi_density.h"

namespace locscale::binding {

namespace {

model::Atoms atoms(Arguments& arguments) {
  return {arguments.array<const double>("positions"), arguments.array<const std::uint8_t>("elements"),
          arguments.array<const float>("bFactors"), arguments.array<const float>("occupancies")};
}

model::Box box(Arguments& arguments) {
  const auto size = arguments.array<const double>("voxelSize");
  return {arguments.shape(), {size[0], size[1], size[2]}, {0, 0, 0}};
}

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** Blurred density on the grid by gemmi, or by our own kernel on one thread: what is timed is the same work. */
struct DensityTask {
  model::Atoms atoms;
  model::Box box;
  double blur;
  bool ours;
  std::span<float> map;
  double seconds;

  void execute() {
    if (!ours) {
      seconds = oracle::gemmiDensity(atoms, box, blur, map);
      return;
    }
    std::fill(map.begin(), map.end(), 0.0F);
    const double started = threadSeconds();
    const model::Blobs blobs = model::makeBlobs(atoms, box, {}, blur);
    model::splat(blobs.list, box, map, 1, Control());
    seconds = threadSeconds() - started;
  }

  Napi::Value pack(Napi::Env env) { return Napi::Number::New(env, seconds); }
};

Napi::Value density(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  DensityTask task{atoms(arguments),
                   box(arguments),
                   arguments.number("blur"),
                   arguments.integer("ours") != 0,
                   arguments.array<float>("map"),
                   0};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

void registerGemmi(Napi::Env env, Napi::Object exports) {
  exports.Set("modelDensity", Napi::Function::New(env, density, "modelDensity"));
}

}  // namespace locscale::binding
