#include "kernels/refine/target.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <map>

#include "kernels/fft/fft3.h"
#include "kernels/model/blobs.h"
#include "kernels/model/splat.h"
#include "kernels/refine/gather.h"
#include "kernels/threads.h"

namespace locscale::refine {

namespace {

/** A shell's variance is at least this part of its power, lest a map without noise give a weight without bound. */
constexpr double kLeastVariance = 1e-4;

/** Where atoms end, as a part of their peak: what this cuts from a coefficient stays below 10^-3 of it. */
constexpr double kCut = 1e-4;

std::vector<double> correlations(std::span<const ShellSums> sums, std::span<const double> power,
                                 double ShellSums::*cross) {
  std::vector<double> curve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double norm = std::sqrt(sums[i].power * power[i]);
    curve[i] = norm > 0 ? sums[i].*cross / norm : 0;
  }
  return curve;
}

/** exp(blur s^2 / 4) as a product over the axes. */
std::vector<float> gains(int count, int n, double voxelSize, double blur) {
  std::vector<float> list(count);
  for (int i = 0; i < count; ++i) {
    const double s = signedIndex(i, n) / (n * voxelSize);
    list[i] = static_cast<float>(std::exp(blur * s * s / 4));
  }
  return list;
}

}  // namespace

Target::Target(const model::Atoms& atoms, const model::Box& box, double dMin, int threads, const Control& control)
    : atoms_(atoms),
      box_(box),
      shells_(box, dMin),
      sampledB_(refine::sampledB(box, dMin)),
      threads_(threads),
      control_(control),
      density_(box.shape.voxels()),
      spectrum_(box.shape.halfSpectrum()) {}

std::int32_t Target::units() const noexcept {
  return model::splatUnits(box_.shape) + 2 * (box_.shape.z + box_.shape.y);
}

Observed Target::prepared(Coefficients work, Coefficients free) const {
  const Shape& shape = box_.shape;
  Observed observed{std::move(work), std::move(free), {}, {}};
  const auto powerOf = [&](Coefficients& coefficients) {
    std::vector<double> power(shells_.count());
    for (int z = 0; z < shape.z; ++z) {
      for (int y = 0; y < shape.y; ++y) {
        const auto* row = coefficients.data() + (static_cast<std::size_t>(z) * shape.y + y) * shape.halfX();
        shells_.forRuns(z, y, [&](std::size_t shell, int begin, int end) {
          for (int x = begin; x < end; ++x) power[shell] += Shells::weight(x) * std::norm(std::complex<double>(row[x]));
        });
      }
    }
    return power;
  };
  observed.power = powerOf(observed.work);
  double power = 0, count = 0;
  for (std::size_t i = 0; i < shells_.count(); ++i) {
    power += observed.power[i];
    count += shells_.counts()[i];
  }
  if (!(power > 0)) {
    fail("input.voxels", "The map is the same everywhere around the model, but B-factors are refined against density; ",
         "give the map that the model was built into.");
  }
  const auto scale = static_cast<float>(std::sqrt(count / power));
  for (std::size_t i = 0; i < shape.halfSpectrum(); ++i) observed.work[i] *= scale;
  observed.power = powerOf(observed.work);
  if (observed.free.data() != nullptr) {
    for (std::size_t i = 0; i < shape.halfSpectrum(); ++i) observed.free[i] *= scale;
    observed.freePower = powerOf(observed.free);
  }
  return observed;
}

template <typename Row>
std::vector<ShellSums> Target::pass(Observed& observed, double blur, const Row& change) {
  const Shape& shape = box_.shape;
  const auto gainZ = gains(shape.z, shape.z, box_.voxelSize[2], blur);
  const auto gainY = gains(shape.y, shape.y, box_.voxelSize[1], blur);
  const auto gainX = gains(shape.halfX(), shape.x, box_.voxelSize[0], blur);
  std::vector<std::vector<ShellSums>> sections(shape.z);
  parallelFor(shape.z, threads_, [&](std::size_t z, std::size_t) {
    control_.throwIfCancelled();
    auto& sums = sections[z];
    sums.resize(shells_.count());
    for (int y = 0; y < shape.y; ++y) {
      const std::size_t offset = (z * shape.y + y) * shape.halfX();
      auto* calculated = spectrum_.data() + offset;
      const auto* work = observed.work.data() + offset;
      const auto* free = observed.hasFree() ? observed.free.data() + offset : nullptr;
      const float gainRow = gainZ[z] * gainY[y];
      int done = 0;
      shells_.forRuns(static_cast<int>(z), y, [&](std::size_t shell, int begin, int end) {
        std::fill(calculated + done, calculated + begin, std::complex<float>());
        float cross = 0, power = 0, freeCross = 0;
        for (int x = begin; x < end; ++x) {
          const float gain = gainRow * gainX[x], weight = x == 0 ? 0.5F : 1.0F;
          const float re = gain * calculated[x].real(), im = gain * calculated[x].imag();
          cross += weight * (work[x].real() * re + work[x].imag() * im);
          power += weight * (re * re + im * im);
          if (free != nullptr) freeCross += weight * (free[x].real() * re + free[x].imag() * im);
          calculated[x] = change(shell, gain, work[x], re, im);
        }
        sums[shell].cross += cross;
        sums[shell].power += power;
        sums[shell].freeCross += freeCross;
        done = end;
      });
      std::fill(calculated + done, calculated + shape.halfX(), std::complex<float>());
    }
  });
  std::vector<ShellSums> total(shells_.count());
  for (const auto& sums : sections) {
    for (std::size_t i = 0; i < total.size(); ++i) {
      total[i].cross += sums[i].cross;
      total[i].power += sums[i].power;
      total[i].freeCross += sums[i].freeCross;
    }
  }
  return total;
}

std::vector<ShellSums> Target::sums(Observed& observed, std::span<const float> b) {
  return sumsAndSlopes(observed, b, {}, {});
}

std::vector<ShellSums> Target::sumsAndSlopes(Observed& observed, std::span<const float> b, const ShellModel& model,
                                             std::span<double> slopes) {
  const Shape& shape = box_.shape;
  const double blur = std::max(0.0, sampledB_ - *std::min_element(b.begin(), b.end()));
  const model::Atoms atoms{atoms_.positions, atoms_.elements, b, atoms_.occupancies};
  const auto blobs = model::makeBlobs(atoms, box_, {}, blur, kCut).list;
  const std::span density(density_.data(), shape.voxels());
  const std::span spectrum(spectrum_.data(), shape.halfSpectrum());
  std::fill(density.begin(), density.end(), 0.0F);
  model::splat(blobs, box_, density, threads_, control_);
  fft::forward<float, float>(density, shape, spectrum, threads_, control_);
  if (slopes.empty()) {
    return pass(observed, blur,
                [](std::size_t, float, std::complex<float>, float, float) { return std::complex<float>(); });
  }

  std::vector<float> scale(model.scale.begin(), model.scale.end()), weight(scale.size());
  for (std::size_t i = 0; i < scale.size(); ++i) weight[i] = static_cast<float>(-model.scale[i] / model.variance[i]);
  // The inverse transform divides by the number of voxels and takes both mates: hence the factor voxels / 2.
  auto total = pass(observed, blur, [&](std::size_t shell, float gain, std::complex<float> work, float re, float im) {
    const float factor = weight[shell] * gain;
    return std::complex<float>(factor * (work.real() - scale[shell] * re), factor * (work.imag() - scale[shell] * im));
  });
  fft::inverse<float>(spectrum, shape, density, threads_, control_);
  gather(blobs, box_, density, slopes, threads_, control_);
  for (double& slope : slopes) slope *= 0.5 * static_cast<double>(shape.voxels());
  return total;
}

std::vector<double> Target::curvature(std::span<const float> b, const ShellModel& model) const {
  // A table over ln B for each element, interpolated: atoms are many, elements few.
  constexpr int kSteps = 96;
  constexpr double kFirst = 0, kLast = 8;  // e^8 = 2981
  constexpr double kStep = (kLast - kFirst) / (kSteps - 1);
  const double volume = box_.voxelSize[0] * box_.voxelSize[1] * box_.voxelSize[2];
  std::map<int, std::vector<double>> tables;
  const auto tableOf = [&](int element) -> const std::vector<double>& {
    auto& table = tables[element];
    if (!table.empty()) return table;
    table.resize(kSteps);
    const auto& [a, width] = model::scattering(element);
    for (std::size_t shell = 0; shell < shells_.count(); ++shell) {
      const double square = shells_.meanSquares()[shell];
      double f = 0;
      for (int k = 0; k < model::kGaussians; ++k) f += a[k] * std::exp(-width[k] * square / 4);
      const double slope = f * square / 4 / volume;
      const double weight = shells_.counts()[shell] * model.scale[shell] * model.scale[shell] / model.variance[shell];
      for (int i = 0; i < kSteps; ++i) {
        table[i] += weight * slope * slope * std::exp(-std::exp(kFirst + i * kStep) * square / 2);
      }
    }
    return table;
  };
  std::vector<double> diagonal(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) {
    const auto& table = tableOf(atoms_.elements[i]);
    const double at = std::clamp((std::log(static_cast<double>(b[i])) - kFirst) / kStep, 0.0, kSteps - 1.001);
    const int low = static_cast<int>(at);
    const double q = atoms_.occupancies[i];
    diagonal[i] = q * q * (table[low] + (at - low) * (table[low + 1] - table[low]));
  }
  return diagonal;
}

ShellModel estimate(const Shells& shells, std::span<const ShellSums> sums, std::span<const double> power) {
  ShellModel model{std::vector<double>(sums.size()), std::vector<double>(sums.size())};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto& [cross, calculated, free] = sums[i];
    const double scale = calculated > 0 ? std::max(0.0, cross / calculated) : 0;
    const double residual = power[i] - 2 * scale * cross + scale * scale * calculated;
    model.scale[i] = scale;
    model.variance[i] = std::max({residual, kLeastVariance * power[i], 1e-30}) / std::max(shells.counts()[i], 1.0);
  }
  return model;
}

double valueOf(const ShellModel& model, std::span<const ShellSums> sums, std::span<const double> power) {
  double value = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double scale = model.scale[i];
    value += (power[i] - 2 * scale * sums[i].cross + scale * scale * sums[i].power) / model.variance[i];
  }
  return value / 2;
}

std::vector<double> workFsc(std::span<const ShellSums> sums, std::span<const double> power) {
  return correlations(sums, power, &ShellSums::cross);
}

std::vector<double> freeFsc(std::span<const ShellSums> sums, std::span<const double> power) {
  return correlations(sums, power, &ShellSums::freeCross);
}

double average(const Shells& shells, std::span<const double> curve) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    sum += shells.counts()[i] * curve[i];
    count += shells.counts()[i];
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace locscale::refine
