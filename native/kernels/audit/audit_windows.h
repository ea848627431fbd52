// Windowed scaling of a few voxels the long way: a check of kernels/scaling that shares no code with it.
#pragma once

#include <span>

#include "kernels/audit/window_geometry.h"
#include "kernels/control.h"
#include "kernels/scaling/scale_factors.h"

namespace locscale::audit {

struct AuditInput {
  Shape shape;
  std::span<const float> map, reference;  ///< reference empty in the no-reference form
  float mapFill = 0, referenceFill = 0;   ///< what windows see beyond the box
  int window = 0;                         ///< even
  ProfileKind profile = ProfileKind::kOctant;
  ScaleFactorParameters factors;
  double smoothFactor = 0.3;                     ///< of the merged profile, 1/A
  std::span<const std::uint8_t> differenceMask;  ///< hybrid form; nonzero: theoretical
  std::span<const std::int32_t> voxels;          ///< z, y, x of each
  /// Highest resolution of every voxel of the box, angstrom, beyond which factors are 0, with an edge one bin wide; 0:
  /// no end; empty: none has one. `cutoffVoxelSize` goes with it.
  std::span<const float> cutoffs;
  double cutoffVoxelSize = 0;
  int threads = 1;
};

/** Order of the profiles of a voxel in `AuditOutput::profiles`. */
enum Profile { kMapProfile, kReferenceProfile, kTarget, kScaleFactors, kFittedLine, kScaledTheory, kMerged, kProfiles };

/** Order of the single numbers of a voxel in `AuditOutput::numbers`. */
enum Number {
  kValue,
  kTheoreticalForm,  ///< 1 where the voxel takes the theoretical form
  kEmptyWindow,      ///< 1 where map or reference is 0 throughout the window: value 0, no fit
  kFitFailed,        ///< 1 where a fit found no line
  kBfactor,          ///< square angstrom, amplitude ~ exp(-B f^2/4)
  kAmplitude,
  kQuality,
  kLocalWilson,
  kDeviationsBegin,
  kDeviationsEnd,
  kNumbers
};

struct AuditOutput {
  std::span<double> profiles;  ///< (voxel, profile, bin), window/2 + 1 bins; orthonormal transform
  std::span<double> numbers;   ///< (voxel, number)
};

/**
 * For each voxel: cuts its window out of map and reference, transforms both (double precision), forms profiles, target
 * profile and scale factors, and takes the value in the window's centre. What a form does not have is left as it was.
 * The same for any number of threads. Progress counts voxels; cancel is looked at once a voxel.
 * Memory: 40 bytes per voxel of a window and thread.
 */
void auditWindows(const AuditInput& input, const AuditOutput& output, const Control& control);

}  // namespace locscale::audit
