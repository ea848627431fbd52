// Wilson lines through window profiles.
#pragma once

#include <optional>
#include <span>

namespace locscale::audit {

/** First bin of `frequency` (ascending, 1/A) at or above 1/d; its length when there is none. */
std::size_t firstBin(std::span<const double> frequency, double d);

/** Bins [first, end) that lie between two resolutions. */
struct BinRange {
  std::size_t first, end;
};

/** LocScale's rule (scaling.md 10.5): from the first f >= 1/low to before the first f >= 1/high, or to the last f. */
BinRange binsBetween(std::span<const double> frequency, double low, double high);

/** ln(amplitude) = ln A + slope f^2 */
struct AmplitudeLine {
  double slope, amplitude, quality;  ///< quality is R^2, 0 where all amplitudes are equal

  double at(double frequency) const;
};

/** Ordinary least squares; nothing with fewer than two bins or an amplitude that has no logarithm. */
std::optional<AmplitudeLine> fitLine(std::span<const double> profile, std::span<const double> frequency,
                                     const BinRange& bins);

}  // namespace locscale::audit
