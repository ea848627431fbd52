#include "kernels/scaling/window_plan.h"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "kernels/fft/planner.h"

namespace locscale {
namespace {

// b_s(q): weight of bin s at frequency q (units of bins), so that sum_s S_s b_s(q) is the linear interpolation of S at
// q, held at S_h beyond h.
double interpolationWeight(int bin, double q, int half) {
  if (q >= half) return bin == half ? 1.0 : 0.0;
  return std::max(0.0, 1.0 - std::fabs(q - bin));
}

// K_s(e) for all offsets e = 0..w-1 per axis (e and w - e are the same offset): inverse transform of b_s(|k|).
class BasisKernel {
 public:
  explicit BasisKernel(int window) : w_(window), half_(window / 2) {
    const size_t spectrum = static_cast<size_t>(w_) * w_ * (half_ + 1);
    weights_.reset(fftw_alloc_complex(spectrum));
    values_.reset(fftw_alloc_real(static_cast<size_t>(w_) * w_ * w_));
    const std::lock_guard lock(plannerMutex());
    plan_ = fftw_plan_dft_c2r_3d(w_, w_, w_, weights_.get(), values_.get(), FFTW_ESTIMATE);
  }
  ~BasisKernel() {
    const std::lock_guard lock(plannerMutex());
    fftw_destroy_plan(plan_);
  }
  BasisKernel(const BasisKernel&) = delete;
  BasisKernel& operator=(const BasisKernel&) = delete;

  void compute(int bin) {
    const double norm = 1.0 / (static_cast<double>(w_) * w_ * w_);
    size_t i = 0;
    for (int z = 0; z < w_; z++) {
      const int kz = z < half_ ? z : z - w_;
      for (int y = 0; y < w_; y++) {
        const int ky = y < half_ ? y : y - w_;
        for (int x = 0; x <= half_; x++, i++) {
          const double q = std::sqrt(static_cast<double>(kz * kz + ky * ky + x * x));
          weights_.get()[i][0] = interpolationWeight(bin, q, half_) * norm;
          weights_.get()[i][1] = 0;
        }
      }
    }
    fftw_execute(plan_);
  }
  double at(int a, int b, int c) const { return values_.get()[(static_cast<size_t>(a) * w_ + b) * w_ + c]; }

 private:
  struct Free {
    void operator()(void* p) const { fftw_free(p); }
  };
  int w_, half_;
  std::unique_ptr<fftw_complex[], Free> weights_;
  std::unique_ptr<double[], Free> values_;
  fftw_plan plan_ = nullptr;
};

// Bits that say where a bin begins among the `count` frequencies from k on, in the bins `bin`.
int binPattern(const std::vector<int>& bin, int k, int count) {
  int pattern = 0;
  for (int j = 0; j + 1 < count; j++) {
    if (bin[k + j] != bin[k + j + 1]) pattern |= 1 << j;
  }
  return pattern;
}

// Appends blocks of the inner frequencies first..end - 1 and their relatives; bin[k] is the bin of frequency k.
void cutBlocks(const std::vector<int>& bin, int first, int end, Relatives relatives, int half,
               std::vector<FrequencyBlock>& blocks) {
  const int most = relatives == Relatives::kNone ? 4 : kMostRelated;
  for (int k = first; k < end;) {
    const int left = end - k;
    const int count = most == 4 && left == 5 ? 3 : std::min(most, left);  // 3 + 2 keeps more registers busy than 4 + 1
    FrequencyBlock block{relatives, k, count, binPattern(bin, k, count), bin[k], 0};
    if (relatives == Relatives::kTurned) {
      const int lowest = half - k - count + 1;
      block.turnedBin = bin[lowest];
      block.pattern |= binPattern(bin, lowest, count) << 1;
    }
    blocks.push_back(block);
    k += count;
  }
}

// The inner frequencies of one line within the sphere.
FrequencyLine makeLine(int lane, int outer, float weight, ProfileKind profile, int half, std::vector<double>& counts) {
  FrequencyLine line{lane, outer, weight, {}};
  const bool shell = profile == ProfileKind::kShell;
  std::vector<int> bin;
  for (int k = 0; k <= half; k++) {
    const int r2 = lane * lane + outer * outer + k * k;
    if (r2 >= (half + 1) * (half + 1)) break;
    bin.push_back(static_cast<int>(std::sqrt(static_cast<double>(r2))));
    const bool paired = shell && k > 0 && k < half;
    counts[bin.back()] += paired ? 2 * weight : weight;
  }
  const int n = static_cast<int>(bin.size());
  if (shell) {
    // -h is the same frequency as h, which therefore has no mirror image.
    cutBlocks(bin, 0, std::min(n, half), Relatives::kMirrored, half, line.blocks);
    cutBlocks(bin, half, n, Relatives::kNone, half, line.blocks);
  } else {
    // After these, h - k is there too for every k up to h/2, which is its own relative.
    const int alone = 2 * (half - n + 1) >= half ? n : half - n + 1;
    cutBlocks(bin, 0, alone, Relatives::kNone, half, line.blocks);
    if (alone < n) {
      cutBlocks(bin, alone, (half + 1) / 2, Relatives::kTurned, half, line.blocks);
      if (half % 2 == 0) cutBlocks(bin, half / 2, half / 2 + 1, Relatives::kNone, half, line.blocks);
    }
  }
  return line;
}

// One octant, or one half of the sphere: of each pair of conjugate frequencies (k, -k) the one with kx > 0, or on the
// planes kx = 0 and h, which are their own mirror images, with kz > 0. Where kz is its own mirror image as well, both
// are there.
std::vector<FrequencyLine> makeLines(ProfileKind profile, int half, std::vector<double>& counts) {
  std::vector<FrequencyLine> lines;
  const auto own = [&](int k) { return k == 0 || k == half; };
  for (int lane = 0; lane <= half; lane++) {
    for (int outer = 0; outer <= half; outer++) {
      if (lane * lane + outer * outer >= (half + 1) * (half + 1)) break;
      if (profile == ProfileKind::kOctant) {
        lines.push_back(makeLine(lane, outer, 1, profile, half, counts));
        continue;
      }
      lines.push_back(makeLine(lane, outer, own(lane) && own(outer) ? 1 : 2, profile, half, counts));
      if (!own(lane) && !own(outer)) lines.push_back(makeLine(lane, -outer, 2, profile, half, counts));
    }
  }
  return lines;
}

}  // namespace

int WindowPlan::streamIndex(int a, int b) const {
  if (a > b) std::swap(a, b);
  return a * (half + 1) - a * (a - 1) / 2 + (b - a);
}

WindowPlan::WindowPlan(int w, ProfileKind profile)
    : window(w), half(w / 2), bins(half + 1), streams((half + 1) * (half + 2) / 2), counts(bins, 0.0) {
  twiddles.resize(2 * static_cast<size_t>(bins) * w);
  for (int k = 0; k <= half; k++) {
    for (int n = 0; n < w; n++) {
      const double angle = 2 * std::numbers::pi * ((static_cast<int64_t>(k) * n) % w) / w;
      const size_t i = 2 * (static_cast<size_t>(k) * w + n);
      twiddles[i] = static_cast<float>(std::cos(angle));
      twiddles[i + 1] = static_cast<float>(std::sin(angle));
    }
  }

  lines = makeLines(profile, half, counts);

  struct Offsets {
    int p, q, r;
  };
  std::vector<Offsets> offsets;
  for (int terms = 3; terms >= 1; terms--) {
    for (int p = 0; p <= half; p++) {  // p outermost: the streams (p, *) stay in the nearest cache
      for (int q = p; q <= half; q++) {
        for (int r = q; r <= half; r++) {
          Orbit orbit{1, {{streamIndex(p, q), r}, {0, 0}, {0, 0}}};
          if (r != q) orbit.terms[orbit.termCount++] = {streamIndex(p, r), q};
          if (q != p) orbit.terms[orbit.termCount++] = {streamIndex(q, r), p};
          if (orbit.termCount != terms) continue;
          orbits.push_back(orbit);
          offsets.push_back({p, q, r});
        }
      }
    }
    orbitsWithTerms[terms] =
        orbits.size() - (terms < 3 ? orbitsWithTerms[3] : 0) - (terms < 2 ? orbitsWithTerms[2] : 0);
  }

  const size_t stride = half - 1;
  basis.resize(orbits.size() * stride);
  BasisKernel kernel(w);
  for (int s = 1; s < half; s++) {
    kernel.compute(s);
    for (size_t o = 0; o < orbits.size(); o++) {
      basis[o * stride + s - 1] = static_cast<float>(kernel.at(offsets[o].p, offsets[o].q, offsets[o].r));
    }
  }
}

}  // namespace locscale
