// Tables of the windowed FSC that depend on the window alone.
//
// A window of w voxels (even), h = w/2, is the cube [c - h, c + h) around its centre c under the taper
// t(z) t(y) t(x), t(e) = 1 + cos(2 pi e / w) at the offset e (a Hann window; its scale cancels in the FSC). Shell r
// holds the frequencies r <= |k| < r + 1 of the window's transform, r = 0 ... h - 1; a real map needs one half of them
// only. Frequencies are signed and count cycles per window. "Lane" is the x axis, "outer" the z axis (slides from
// section to section), "inner" the y axis (slides in registers), as in the scaling kernel.
#pragma once

#include <cstddef>
#include <vector>

namespace locscale::local {

/** All inner frequencies ky = firstInner ... firstInner + innerCount - 1 of one pair (kx, kz). */
struct FrequencyLine {
  int outer;  ///< kz
  int firstInner, innerCount;
  std::vector<int> shells;  ///< of each inner frequency
};

/** The lines of one kx: kz rises by 1 from line to line. The taper needs one more kz on either side. */
struct LaneGroup {
  int lane;  ///< kx
  std::vector<FrequencyLine> lines;
  int firstOuter() const { return lines.front().outer - 1; }
  int states() const { return static_cast<int>(lines.size()) + 2; }
};

struct FscPlan {
  explicit FscPlan(int window);

  int window;  ///< w
  int half;    ///< h; also the number of shells
  std::vector<LaneGroup> groups;
  int mostStates = 0;         ///< of the groups
  size_t states = 0;          ///< of all groups
  size_t longestLine = 0;     ///< most inner frequencies of a line
  size_t frequencies = 0;     ///< of all shells
  double taperPower = 0;      ///< sum of the squares of the taper over the window
  std::vector<float> taper;   ///< t(0) ... t(h - 1)
  std::vector<float> circle;  ///< cos and sin of 2 pi n / w, n = 0 ... w - 1

  /**
   * Of every inner frequency k = -h ... h: (-1)^k cos and (-1)^k sin of 2 pi k m / w for m = 0 ... h - 1. The sign
   * moves the phase of the transform to the window's first row, which makes the slide's input the same for all k.
   */
  std::vector<float> inner;
  /** cos and sin of 2 pi k / w for k = -h ... h: what one step along y turns a transform by. */
  std::vector<float> turns;
  const float* turn(int k) const { return turns.data() + 2 * static_cast<size_t>(k + half); }
  const float* innerTable(int k) const { return inner.data() + static_cast<size_t>(k + half) * 2 * half; }
  /** Element of `circle` of exp(2 pi i a b / w). */
  const float* phase(int a, int b) const;
};

}  // namespace locscale::local
