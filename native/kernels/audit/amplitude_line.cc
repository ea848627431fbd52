#include "kernels/audit/amplitude_line.h"

#include <algorithm>
#include <cmath>

namespace locscale::audit {

std::size_t firstBin(std::span<const double> frequency, double d) {
  std::size_t bin = 0;
  while (bin < frequency.size() && frequency[bin] < 1 / d) ++bin;
  return bin;
}

BinRange binsBetween(std::span<const double> frequency, double low, double high) {
  const bool wholeEnd = frequency.back() <= 1 / high;
  return {firstBin(frequency, low), wholeEnd ? frequency.size() : firstBin(frequency, high)};
}

double AmplitudeLine::at(double frequency) const { return amplitude * std::exp(slope * frequency * frequency); }

std::optional<AmplitudeLine> fitLine(std::span<const double> profile, std::span<const double> frequency,
                                     const BinRange& bins) {
  if (bins.end < bins.first + 2) return std::nullopt;
  const auto n = static_cast<double>(bins.end - bins.first);
  double meanX = 0, meanY = 0;
  for (std::size_t r = bins.first; r < bins.end; ++r) {
    if (!(profile[r] > 0)) return std::nullopt;
    meanX += frequency[r] * frequency[r] / n;
    meanY += std::log(profile[r]) / n;
  }
  double sxx = 0, sxy = 0, syy = 0;
  for (std::size_t r = bins.first; r < bins.end; ++r) {
    const double x = frequency[r] * frequency[r] - meanX, y = std::log(profile[r]) - meanY;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
  }
  const double slope = sxy / sxx, intercept = meanY - slope * meanX;
  double residual = 0;
  for (std::size_t r = bins.first; r < bins.end; ++r) {
    residual += std::pow(std::log(profile[r]) - intercept - slope * frequency[r] * frequency[r], 2);
  }
  return AmplitudeLine{slope, std::exp(intercept), syy > 0 ? 1 - residual / syy : 0};
}

}  // namespace locscale::audit
