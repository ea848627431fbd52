#pragma once

#include "binding/arguments.h"
#include "kernels/model/atoms.h"

namespace locscale::binding {

/** Atoms as the face hands them over. */
inline model::Atoms modelAtoms(Arguments& arguments) {
  return {arguments.array<const double>("positions"), arguments.array<const std::uint8_t>("elements"),
          arguments.array<const float>("bFactors"), arguments.array<const float>("occupancies")};
}

/** The box that they lie in. */
inline model::Box modelBox(Arguments& arguments) {
  const auto size = arguments.array<const double>("voxelSize"), origin = arguments.array<const double>("origin");
  return {arguments.shape(), {size[0], size[1], size[2]}, {origin[0], origin[1], origin[2]}};
}

}  // namespace locscale::binding
