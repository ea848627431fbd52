// Tables of the windowed scaling that depend on the window alone.
//
// A window of w voxels (even), h = w/2, has h + 1 frequency bins 0..h. The profile of a window is the mean of |F| over
// its transform, binned by floor(|k|), kept for |k| < h + 1. Which frequencies enter is the definition of the profile.
// "Lanes" is the x axis, "outer" the z axis (slides from section to section), "inner" the y axis (slides in registers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace locscale {

/// Frequencies over which a profile is the mean of |F|.
enum class ProfileKind {
  kOctant,  ///< 0 <= kx, ky, kz (LocScale's definition); depends on which way the axes point
  kShell,   ///< all of the full sphere, signed: -h < kx, ky, kz <= h; the same for every orientation of the axes
};

/// Inner frequencies that are slid together because they come from the same twiddle.
enum class Relatives {
  kNone,      ///< k alone
  kMirrored,  ///< k and -k (0 for itself alone)
  kTurned,    ///< k and h - k
};

/// A few consecutive inner frequencies of one line and their relatives, handled by one kernel call.
struct FrequencyBlock {
  Relatives relatives;
  int firstFrequency;  ///< inner frequency of the first
  int count;           ///< 1..4; with relatives 1..kMostRelated
  /// Bit j set: frequency j + 1 falls in the bin after that of frequency j; kTurned, bit 1: h - k falls in the bin
  /// after that of h - k - 1.
  int pattern;
  int firstBin;   ///< bin of the first
  int turnedBin;  ///< kTurned: bin of the lowest h - k
};
constexpr int kMostRelated = 2;

/// All inner frequencies that share one (lane, outer) pair of frequencies.
struct FrequencyLine {
  int lane;      ///< kx, 0..h
  int outer;     ///< kz, 0..h; in full shells -h < kz <= h
  float weight;  ///< frequencies of the transform that each one of the line stands for: 2 with its conjugate, else 1
  std::vector<FrequencyBlock> blocks;
};

/// One orbit of window offsets under the 48 symmetries of the cube, 0 <= p <= q <= r <= h, and its distinct terms:
/// stream (a, b) folded over the inner axis at distance c.
struct Orbit {
  struct Term {
    int stream;    ///< index of the folded plane stream (a, b), see WindowPlan::streamIndex
    int distance;  ///< c, 0..h
  };
  int termCount;  ///< 1..3
  Term terms[3];
};

struct WindowPlan {
  WindowPlan(int window, ProfileKind profile);

  int window;   ///< w, even
  int half;     ///< h = w/2
  int bins;     ///< h + 1
  int streams;  ///< (h + 1)(h + 2)/2 folded plane streams

  /// cos and sin of 2*pi*k*n/w: element 2*(k*w + n) and the one after; k = 0..h, n = 0..w-1.
  std::vector<float> twiddles;
  std::vector<FrequencyLine> lines;  ///< sorted by lane frequency
  std::vector<double> counts;        ///< frequencies in each bin

  std::vector<Orbit> orbits;  ///< those with three terms first, then two, then one
  size_t orbitsWithTerms[4] = {0, 0, 0, 0};
  /// Kernel values of bins 1..h-1, orbit-major: basis[orbit*(h-1) + s-1] = K_s(p, q, r). K_0 is w^-3 everywhere, and
  /// the kernels of all bins add up to a delta function, so bins 0 and h need no table.
  std::vector<float> basis;

  const float* twiddle(int k) const { return twiddles.data() + 2 * static_cast<size_t>(k) * window; }
  int streamIndex(int a, int b) const;
};

}  // namespace locscale
