#pragma once

#include "binding/arguments.h"
#include "kernels/scaling/scale_factors.h"

namespace locscale::binding {

/** The form of scaling as `FormArguments` of native/src/scaling-form.ts lays it out, without its arrays of voxels. */
inline ScaleFactorParameters formParameters(Arguments& arguments) {
  ScaleFactorParameters parameters;
  parameters.form = static_cast<ScalingForm>(arguments.integer("form"));
  parameters.voxelSize = arguments.number("voxelSize");
  parameters.wilsonCutoff = arguments.number("wilsonCutoff");
  parameters.fscCutoff = arguments.number("fscCutoff");
  parameters.nyquistCutoff = arguments.number("nyquistCutoff");
  parameters.boost = arguments.number("boost");
  parameters.targetBfactor = arguments.number("targetBfactor");
  parameters.measureBfactor = arguments.has("measureBfactor");
  if (arguments.has("theory")) {
    const auto theory = arguments.array<const double>("theory");
    parameters.theory.assign(theory.begin(), theory.end());
  }
  return parameters;
}

}  // namespace locscale::binding
