// Windowed amplitude scaling of a map against a reference or a rule, without windows.
#pragma once

#include <cstdint>

#include "kernels/control.h"
#include "kernels/scaling/scale_factors.h"
#include "kernels/shape.h"

namespace locscale {

struct ScaleWindowsInput {
  Shape shape;                       ///< of map, reference and mask
  const float* map = nullptr;        ///< unsharpened map
  const float* reference = nullptr;  ///< reference map, same grid; null in the no-reference form
  const uint8_t* mask = nullptr;     ///< nonzero: scale this voxel
  int window = 0;                    ///< edge of the window in voxels, even, 4..128
  float mapFill = 0;                 ///< what windows see beyond the box
  float referenceFill = 0;
  int threads = 1;
  ProfileKind profile = ProfileKind::kOctant;
  ScaleFactorParameters factors;
  const uint8_t* differenceMask = nullptr;  ///< hybrid form; nonzero: theoretical
  /// Local resolution in angstrom, of the input's shape, or null: factors of frequencies beyond it are 0, with an edge
  /// one bin wide; where it is 0 nothing is cut. `cutoffVoxelSize` goes with it.
  const float* cutoffs = nullptr;
  double cutoffVoxelSize = 0;
};

/// What became of the voxels of one slab.
struct SlabCounts {
  int32_t scaledVoxels = 0;  ///< mask voxels
  int32_t emptyWindows = 0;  ///< those of them whose window is exactly 0 throughout in map or reference: they become 0
  int32_t failedFits = 0;    ///< mask voxels without a B-factor fit; in the form that needs it they become 0
};

/// Where the results go, zero-filled by the caller, each of the input's shape; null where not wanted.
struct ScaleWindowsOutput {
  float* scaled = nullptr;     ///< always wanted
  float* bfactors = nullptr;   ///< local B-factor in square angstrom (standard sign: amplitude ~ exp(-B f^2/4))
  float* qualities = nullptr;  ///< R^2 of its fit
  /// One for each slab (`slabCount(shape)`); complete when the control block says that all blocks of the slab are.
  SlabCounts* slabs = nullptr;
};

/// Writes the scaled value of every mask voxel; all others stay 0.
/// Window of voxel c: [c - h, c + h) on each axis, h = window/2. Profiles are means over bins floor(|k|) of the octant
/// or of full shells; scale factors and gains are LocScale's (gain linear in |k| between bins and constant beyond h).
/// Units of the control block are rows of tiles. Its slabs are blocks: block s*bandCount + b is sections
/// [s*kSlabSections, (s+1)*kSlabSections), columns [b*kBandColumns, (b+1)*kBandColumns), all rows.
/// Memory beyond the arguments: a quarter byte per voxel and 5–15 MB per thread.
/// Fails with `input.voxels` on values that are not finite, `input.parameter` on an odd or too small window.
void scaleWindows(const ScaleWindowsInput& input, const ScaleWindowsOutput& output, const Control& control);

}  // namespace locscale
