#include "kernels/local_resolution/fsc_plan.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace locscale::local {
namespace {

// Largest k >= 0 with k^2 < room, or -1.
int reach(int room) {
  int k = -1;
  while ((k + 1) * (k + 1) < room) k++;
  return k;
}

int modulo(long a, int n) { return static_cast<int>(((a % n) + n) % n); }

// Of k and -k one is enough: kx > 0, or kx = 0 and kz > 0, or both 0 and ky >= 0.
FrequencyLine makeLine(int lane, int outer, int half) {
  const int last = reach(half * half - lane * lane - outer * outer);
  const int first = lane == 0 && outer == 0 ? 0 : -last;
  FrequencyLine line{outer, first, last - first + 1, {}};
  for (int k = first; k <= last; k++) {
    const double radius2 = lane * lane + outer * outer + k * k;
    line.shells.push_back(static_cast<int>(std::sqrt(radius2)));
  }
  return line;
}

}  // namespace

const float* FscPlan::phase(int a, int b) const {
  return circle.data() + 2 * static_cast<size_t>(modulo(static_cast<long>(a) * modulo(b, window), window));
}

FscPlan::FscPlan(int w) : window(w), half(w / 2) {
  const auto cosine = [&](long n) { return std::cos(2 * std::numbers::pi * modulo(n, w) / w); };
  const auto sine = [&](long n) { return std::sin(2 * std::numbers::pi * modulo(n, w) / w); };
  for (int n = 0; n < w; n++) {
    circle.push_back(static_cast<float>(cosine(n)));
    circle.push_back(static_cast<float>(sine(n)));
  }
  double squares = 0;
  for (int e = -half; e < half; e++) squares += (1 + cosine(e)) * (1 + cosine(e));
  taperPower = squares * squares * squares;
  for (int e = 0; e < half; e++) taper.push_back(static_cast<float>(1 + cosine(e)));
  for (int k = -half; k <= half; k++) {
    const double sign = k % 2 == 0 ? 1 : -1;
    turns.push_back(static_cast<float>(cosine(k)));
    turns.push_back(static_cast<float>(sine(k)));
    for (int m = 0; m < half; m++) {
      inner.push_back(static_cast<float>(sign * cosine(static_cast<long>(k) * m)));
      inner.push_back(static_cast<float>(sign * sine(static_cast<long>(k) * m)));
    }
  }

  for (int lane = 0; lane < half; lane++) {
    LaneGroup group{lane, {}};
    const int last = reach(half * half - lane * lane);
    for (int outer = lane == 0 ? 0 : -last; outer <= last; outer++) {
      group.lines.push_back(makeLine(lane, outer, half));
      const auto count = static_cast<size_t>(group.lines.back().innerCount);
      longestLine = std::max(longestLine, count);
      frequencies += count;
    }
    mostStates = std::max(mostStates, group.states());
    states += static_cast<size_t>(group.states());
    groups.push_back(std::move(group));
  }
}

}  // namespace locscale::local
