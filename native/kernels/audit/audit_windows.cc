#include "kernels/audit/audit_windows.h"

#include <complex>
#include <memory>
#include <vector>

#include "kernels/audit/target_profile.h"
#include "kernels/fft/aligned.h"
#include "kernels/fft/fft3.h"
#include "kernels/threads.h"

namespace locscale::audit {
namespace {

/** One thread's window and spectrum. */
class WindowTransform {
 public:
  explicit WindowTransform(const WindowGeometry& geometry)
      : geometry_(geometry), window_(geometry.voxels), spectrum_(geometry.coefficients) {}

  /** Transforms the window around `centre`; false when it is 0 throughout. */
  bool load(std::span<const float> map, const Shape& shape, float fill, const Voxel& centre) {
    const int w = geometry_.w;
    const std::span window(window_.data(), geometry_.voxels);
    cutWindow(map, shape, fill, w, centre, window.data());
    fft::forward<double, float>(window, {w, w, w}, std::span(spectrum_.data(), geometry_.coefficients), 1, Control());
    return std::any_of(window.begin(), window.end(), [](float value) { return value != 0; });
  }

  /** Mean of |F| per bin, orthonormal transform. */
  void profile(std::span<double> result) {
    std::fill(result.begin(), result.end(), 0.0);
    for (std::size_t k = 0; k < geometry_.coefficients; ++k) {
      const int bin = geometry_.profileBin[k];
      if (bin >= 0) result[bin] += geometry_.profileWeight[k] * std::sqrt(std::norm(spectrum_[k]));
    }
    const double orthonormal = std::pow(geometry_.w, -1.5);
    for (std::size_t r = 0; r < result.size(); ++r) result[r] *= orthonormal / geometry_.profileCount[r];
  }

  /** The inverse transform of gain times spectrum, at the centre of the window only. */
  double valueAtCentre(std::span<const double> scaleFactors) {
    std::vector<double> gain(3 * geometry_.h * geometry_.h + 1);  // by the square of the frequency in bins
    for (std::size_t r2 = 0; r2 < gain.size(); ++r2) {
      gain[r2] = gainAt(std::sqrt(static_cast<double>(r2)), scaleFactors);
    }
    double sum = 0;
    for (std::size_t k = 0; k < geometry_.coefficients; ++k) {
      sum += geometry_.centreWeight[k] * spectrum_[k].real() * gain[geometry_.radius2[k]];
    }
    return sum / static_cast<double>(geometry_.voxels);
  }

 private:
  const WindowGeometry& geometry_;
  fft::AlignedArray<float> window_;
  fft::AlignedArray<std::complex<double>> spectrum_;
};

/** Where the results of one voxel go. */
struct Row {
  std::span<double> profiles, numbers;

  std::span<double> profile(Profile which) const {
    const std::size_t bins = profiles.size() / kProfiles;
    return profiles.subspan(which * bins, bins);
  }
  void set(Profile which, const std::vector<double>& values) const {
    std::copy(values.begin(), values.end(), profile(which).begin());
  }
};

void writeFit(const TargetProfile& target, const Row& row) {
  row.numbers[kFitFailed] = target.fitFailed ? 1 : 0;
  row.set(kFittedLine, target.fittedLine);
  if (target.line) {
    row.numbers[kBfactor] = -4 * target.line->slope;
    row.numbers[kAmplitude] = target.line->amplitude;
    row.numbers[kQuality] = target.line->quality;
  }
  if (!target.theory) return;
  row.set(kScaledTheory, target.theory->scaledTheory);
  row.set(kMerged, target.theory->merged);
  row.numbers[kLocalWilson] = target.theory->localWilson;
  row.numbers[kDeviationsBegin] = target.theory->deviationsBegin;
  row.numbers[kDeviationsEnd] = target.theory->deviationsEnd;
}

std::size_t indexOf(const Shape& shape, const Voxel& at) {
  return (static_cast<std::size_t>(at.z) * shape.y + at.y) * shape.x + at.x;
}

bool takesTheory(const AuditInput& input, const Voxel& at) {
  if (input.factors.form != ScalingForm::kHybrid) return input.factors.form == ScalingForm::kTheoretical;
  return input.differenceMask[indexOf(input.shape, at)] != 0;
}

// Bin r stands for r / (window * voxel size); it goes from whole to nothing within half a bin of the voxel's
// resolution.
void cutFactors(const AuditInput& input, const Voxel& at, std::span<double> scaleFactors) {
  const double resolution = input.cutoffs.empty() ? 0 : input.cutoffs[indexOf(input.shape, at)];
  if (!(resolution > 0)) return;
  const double end = input.window * input.cutoffVoxelSize / resolution;
  for (std::size_t r = 1; r < scaleFactors.size(); ++r) {
    scaleFactors[r] *= std::clamp(end + 0.5 - static_cast<double>(r), 0.0, 1.0);
  }
}

void auditVoxel(const AuditInput& input, const TargetRule& rule, const Voxel& at, WindowTransform& transform,
                const Row& row) {
  const bool referenced = input.factors.form != ScalingForm::kNoReference;
  const bool theoretical = takesTheory(input, at);
  const auto mapProfile = row.profile(kMapProfile), referenceProfile = row.profile(kReferenceProfile);
  bool signal = true;
  if (referenced) {
    signal = transform.load(input.reference, input.shape, input.referenceFill, at);
    transform.profile(referenceProfile);
  }
  signal = transform.load(input.map, input.shape, input.mapFill, at) && signal;
  transform.profile(mapProfile);

  row.numbers[kTheoreticalForm] = theoretical ? 1 : 0;
  row.numbers[kEmptyWindow] = signal ? 0 : 1;
  if (!signal) {
    row.numbers[kValue] = row.numbers[kFitFailed] = 0;
    for (const auto which : {kTarget, kScaleFactors}) std::ranges::fill(row.profile(which), 0.0);
    return;
  }
  const TargetProfile target = !referenced   ? rule.noReference(mapProfile)
                               : theoretical ? rule.theoretical(referenceProfile)
                                             : rule.atomic(referenceProfile);
  row.set(kTarget, target.target);
  writeFit(target, row);
  const auto scaleFactors = row.profile(kScaleFactors);
  divideProfiles<double>(target.target, mapProfile, scaleFactors);
  cutFactors(input, at, scaleFactors);
  row.numbers[kValue] = transform.valueAtCentre(scaleFactors);
}

}  // namespace

void auditWindows(const AuditInput& input, const AuditOutput& output, const Control& control) {
  const WindowGeometry geometry(input.window, input.profile);
  const TargetRule rule(input.factors, input.window, input.smoothFactor);
  const std::size_t rowLength = static_cast<std::size_t>(kProfiles) * (geometry.h + 1);
  const std::size_t voxels = input.voxels.size() / 3;
  control.setTotal(static_cast<std::int32_t>(voxels));
  std::vector<std::unique_ptr<WindowTransform>> transforms(std::max(input.threads, 1));
  parallelFor(voxels, input.threads, [&](std::size_t i, std::size_t worker) {
    control.throwIfCancelled();
    if (!transforms[worker]) transforms[worker] = std::make_unique<WindowTransform>(geometry);
    const Voxel at{input.voxels[3 * i], input.voxels[3 * i + 1], input.voxels[3 * i + 2]};
    auditVoxel(input, rule, at, *transforms[worker],
               {output.profiles.subspan(i * rowLength, rowLength), output.numbers.subspan(i * kNumbers, kNumbers)});
    control.advance(1);
  });
}

}  // namespace locscale::audit
