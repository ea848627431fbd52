#include "kernels/mask/confidence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "kernels/fail.h"
#include "kernels/fft/aligned.h"
#include "kernels/filter/radial_gain.h"
#include "kernels/mask/ball.h"
#include "kernels/threads.h"

namespace locscale::mask {

namespace {

/** Harmonic sum 1 + 1/2 + ... + 1/n by its expansion, with Euler's constant as LocScale cuts it. */
double harmonicSum(double n) {
  return std::log(n) + 0.5772 + 1 / (2 * n) - 1 / (12 * n * n) + 1 / (120 * n * n * n * n);
}

/**
 * p-value of one voxel. In float every step rounds as LocScale's NumPy expressions do: subtract, multiply by a rounded
 * 1/sd, divide by a rounded square root of 2; only the error function is evaluated in double (scaling.md 6.1, no. 4).
 */
template <typename Voxel>
class PValue {
 public:
  explicit PValue(const Noise& noise)
      : mean_(static_cast<Voxel>(noise.mean)), inverseSd_(static_cast<Voxel>(1 / std::sqrt(noise.variance))) {}

  double operator()(Voxel value) const {
    const Voxel t = (value - mean_) * inverseSd_;
    if (t < 0) return 1;
    const Voxel argument = t / std::numbers::sqrt2_v<Voxel>;
    return 1 - 0.5 * (1 + std::erf(static_cast<double>(argument)));
  }

 private:
  Voxel mean_, inverseSd_;
};

/**
 * The q-value as a function of the p-value. p(j) N H / j is at least p(j) H for every rank j, so a p of 1/H and more
 * always ends at q = 1: only smaller ones have to be ranked, a small part of most maps.
 */
class QValues {
 public:
  /** `significant` holds, in any order, every p-value of the ball that `mayCount` lets through. */
  QValues(std::vector<double> significant, std::size_t ballVoxels)
      : p_(std::move(significant)), harmonic_(harmonicSum(static_cast<double>(ballVoxels))) {
    std::sort(p_.begin(), p_.end());
    q_.resize(p_.size());
    const double factor = static_cast<double>(ballVoxels) * harmonic_;
    double lowest = 1;
    for (std::size_t i = p_.size(); i-- > 0;) {
      lowest = std::min(lowest, p_[i] * factor / static_cast<double>(i + 1));
      q_[i] = lowest;
    }
  }

  /** Whether a p-value can have a q-value below 1; a little more generous than 1/H, against rounding. */
  static double limit(std::size_t ballVoxels) { return (1 + 1e-9) / harmonicSum(static_cast<double>(ballVoxels)); }

  double of(double p) const {
    // Equal p-values share one q-value, the one that the last of them has.
    const auto at = std::lower_bound(p_.begin(), p_.end(), p);
    return at == p_.end() ? 1 : q_[static_cast<std::size_t>(at - p_.begin())];
  }

 private:
  std::vector<double> p_, q_;
  double harmonic_;
};

/** Calls `visit(section z, index)` for the voxels of the ball, one section an item. */
template <typename Visit>
void forEachInBall(const Shape& shape, const Ball& ball, int threads, const Control& control, const Visit& visit) {
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    std::size_t index = z * shape.section();
    for (int y = 0; y < shape.y; ++y) {
      for (int x = 0; x < shape.x; ++x, ++index) {
        if (ball.holds(z, y, x)) visit(z, index);
      }
    }
    control.advance(1);
  });
}

struct SectionReport {
  std::size_t masked = 0;
  double mapThreshold = std::numeric_limits<double>::infinity(), highest = 0;
};

template <typename Voxel>
ConfidenceReport testVoxels(std::span<const Voxel> map, const Shape& shape, const ConfidenceSettings& settings,
                            std::span<float> confidence, std::span<std::uint8_t> mask, int threads,
                            const Control& control) {
  const Noise noise = measureNoise(map, shape, settings.boxes);
  if (!(noise.variance > 0)) {
    fail("input.voxels", "The noise boxes hold nothing but the value ", noise.mean,
         ", expected solvent noise; give the map without a mask, a noise box that lies in solvent, or a mask of your "
         "own.");
  }
  const PValue<Voxel> pValue(noise);
  const Ball ball(shape);

  std::vector<std::size_t> counts(shape.z);
  forEachInBall(shape, ball, threads, control, [&](std::size_t z, std::size_t) { ++counts[z]; });
  std::size_t ballVoxels = 0;
  for (const std::size_t count : counts) ballVoxels += count;

  const double limit = QValues::limit(ballVoxels);
  std::vector<std::vector<double>> found(shape.z);
  forEachInBall(shape, ball, threads, control, [&](std::size_t z, std::size_t index) {
    const double p = pValue(map[index]);
    if (p < limit) found[z].push_back(p);
  });
  std::vector<double> significant;
  for (auto& section : found) {
    significant.insert(significant.end(), section.begin(), section.end());
    std::vector<double>().swap(section);
  }
  const QValues qValues(std::move(significant), ballVoxels);

  std::fill(confidence.begin(), confidence.end(), 0.0F);
  std::fill(mask.begin(), mask.end(), std::uint8_t{0});
  std::vector<SectionReport> sections(shape.z);
  const double threshold = 1 - settings.rate;
  forEachInBall(shape, ball, threads, control, [&](std::size_t z, std::size_t index) {
    const double p = pValue(map[index]);
    if (!(p < limit)) return;
    const double value = 1 - qValues.of(p);
    confidence[index] = static_cast<float>(value);
    SectionReport& section = sections[z];
    section.highest = std::max(section.highest, value);
    if (value < threshold) return;
    mask[index] = 1;
    ++section.masked;
    section.mapThreshold = std::min(section.mapThreshold, static_cast<double>(map[index]));
  });

  ConfidenceReport report{
      .noise = noise, .ballVoxels = ballVoxels, .mapThreshold = std::numeric_limits<double>::infinity()};
  for (const SectionReport& section : sections) {
    report.maskedVoxels += section.masked;
    report.mapThreshold = std::min(report.mapThreshold, section.mapThreshold);
    report.highestConfidence = std::max(report.highestConfidence, section.highest);
  }
  if (report.maskedVoxels == 0) report.mapThreshold = std::numeric_limits<double>::quiet_NaN();
  return report;
}

}  // namespace

ConfidenceReport confidenceMask(std::span<const float> map, const Shape& shape, const ConfidenceSettings& settings,
                                std::span<float> confidence, std::span<std::uint8_t> mask, int threads,
                                const Control& control) {
  const std::int32_t passes = 3 * shape.z;
  if (settings.lowPass <= 0) {
    control.setTotal(passes);
    return testVoxels(map, shape, settings, confidence, mask, threads, control);
  }
  control.setTotal(passes + filter::radialGainUnits(shape));
  fft::AlignedArray<double> memory(shape.voxels());
  const std::span filtered(memory.data(), shape.voxels());
  filter::applyRadialGain<double>(map, shape, filter::TanhBand{settings.lowPass, 0}, filtered, threads, control);
  return testVoxels(std::span<const double>(filtered), shape, settings, confidence, mask, threads, control);
}

}  // namespace locscale::mask
