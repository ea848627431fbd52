// The forms of the scale factors S(bin) = target profile / map profile, and their tables for one window size.
// Definitions, with the names used here: LocScale 2.3.1; all fits are least-squares lines of ln(amplitude) on f^2.
#pragma once

#include <vector>

#include "kernels/scaling/window_plan.h"

namespace locscale {

enum class ScalingForm {
  kAtomic,       ///< the target is the reference map's own profile
  kTheoretical,  ///< reference profile plus the deviation of a typical protein's profile from a straight Wilson plot
  kNoReference,  ///< the map's own profile, brought to one B-factor
  kHybrid,       ///< theoretical where the difference mask is set, atomic elsewhere
};

/// Lengths in angstrom, frequencies are their inverses.
struct ScaleFactorParameters {
  ScalingForm form = ScalingForm::kAtomic;
  double voxelSize = 0;
  double wilsonCutoff = 0;      ///< lowest resolution of the fits
  double fscCutoff = 0;         ///< highest resolution of deviations and of fits to the map
  double nyquistCutoff = 0;     ///< highest resolution of fits to the reference
  double boost = 1.5;           ///< factor on the deviation (secondary structure)
  double targetBfactor = 20;    ///< no-reference form, square angstrom
  std::vector<double> theory;   ///< typical amplitude at r/(window * voxelSize), one value per bin
  bool measureBfactor = false;  ///< atomic form: fit the reference between 10 A and fscCutoff
};

/// A least-squares line over bins first..end-1: what it needs besides the logarithms.
struct LineFit {
  int first = 0, end = 0;
  float meanX = 0, inverseSxx = 0;
  float theorySlope = 0, theoryIntercept = 0;  ///< the line of ln(theory) over the same bins
  /// Smallest DC amplitude of the reference for which this range starts early enough (theoretical form).
  float smallestDc = 0;
};

struct ScaleFactorRule {
  /// Fails with `input.parameter` when a fit would have fewer than two bins.
  ScaleFactorRule(const ScaleFactorParameters& parameters, const WindowPlan& plan, float mapUnit, float referenceUnit);

  ScalingForm form;
  bool bfactors;              ///< whether B-factor and quality of fit are found at all
  std::vector<float> x;       ///< f^2 of each bin
  std::vector<float> logMap;  ///< ln of (profile / sum of magnitudes as the kernel has it), map and reference
  std::vector<float> logReference;
  std::vector<float> logTheory;
  std::vector<float> lowPass;  ///< no-reference form: sigmoid at fscCutoff
  int deviationEnd = 0;        ///< one past the last bin that gets the deviation
  float boost = 1;
  float targetSlope = 0;       ///< -targetBfactor/4
  LineFit fixed;               ///< no-reference and measured atomic B
  std::vector<LineFit> local;  ///< theoretical form, latest start first; the last one that the DC allows holds
};

}  // namespace locscale
