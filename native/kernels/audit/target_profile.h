// From the profiles of one window to its target profile, form by form: LocScale's steps as scaling.md 10.1 to 10.5
// writes them down, none of them combined or left out.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "kernels/audit/amplitude_line.h"
#include "kernels/scaling/scale_factors.h"

namespace locscale::audit {

/** What only the theoretical form has. Resolutions in angstrom. */
struct TheoryAudit {
  std::vector<double> scaledTheory;  ///< typical profile on the line of the reference
  std::vector<double> merged;        ///< reference at low, scaled theory at high resolution, with a smooth change
  double localWilson, deviationsBegin, deviationsEnd;
};

struct TargetProfile {
  std::vector<double> target;         ///< what the window's profile is scaled to; all 0 where a fit it needs failed
  std::optional<AmplitudeLine> line;  ///< of the reference; in the no-reference form of the map
  std::vector<double> fittedLine;     ///< the line on the frequency axis; in the theoretical form that of scaledTheory
  std::optional<TheoryAudit> theory;
  bool fitFailed = false;
};

/** Rule of one run: the parameters and the frequency axis that goes with them. */
struct TargetRule {
  TargetRule(const ScaleFactorParameters& parameters, int window, double smoothFactor);

  TargetProfile atomic(std::span<const double> reference) const;
  TargetProfile theoretical(std::span<const double> reference) const;
  TargetProfile noReference(std::span<const double> map) const;

  ScaleFactorParameters parameters;
  double smoothFactor;            ///< steepness of the merged profile's change, 1/A
  std::vector<double> frequency;  ///< r / (window * voxelSize), 1/A
};

}  // namespace locscale::audit
