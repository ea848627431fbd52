#include "kernels/scaling/bit_volume.h"

#include <algorithm>
#include <bit>

#include "kernels/threads.h"

namespace locscale {
namespace {

// out[c] = OR of in[c - h .. c + h - 1] over an axis of `n` elements of `length` words each, `stride` words apart:
// a running count per bit would need adders, a doubling OR needs log2(w) passes.
void spreadAxis(uint64_t* base, int n, size_t stride, size_t length, int half) {
  const int w = 2 * half;
  // ahead[i] = OR of elements i .. i + span - 1, span doubling up to w; positions beyond the end are empty.
  std::vector<uint64_t> ahead(static_cast<size_t>(n + w) * length, 0);
  for (int i = 0; i < n; i++) std::copy_n(base + i * stride, length, ahead.data() + (i + half) * length);
  int span = 1;
  while (span < w) {
    const int step = std::min(span, w - span);
    for (int i = 0; i + step < n + w; i++) {
      uint64_t* to = ahead.data() + i * length;
      const uint64_t* from = to + step * length;
      for (size_t k = 0; k < length; k++) to[k] |= from[k];
    }
    span += step;
  }
  // Element i of `ahead` was shifted by h, so the window [c - h, c + h) starts at c.
  for (int c = 0; c < n; c++) std::copy_n(ahead.data() + c * length, length, base + c * stride);
}

// The same along the bits of one row.
void spreadRow(uint64_t* words, size_t length, int half) {
  const auto orShifted = [&](int by, bool up) {  // up: towards higher x
    const size_t skip = static_cast<size_t>(by) / 64;
    const int bits = by % 64;
    if (up) {
      for (size_t i = length; i-- > skip;) {
        uint64_t v = words[i - skip] << bits;
        if (bits != 0 && i > skip) v |= words[i - skip - 1] >> (64 - bits);
        words[i] |= v;
      }
    } else {
      for (size_t i = 0; i + skip < length; i++) {
        uint64_t v = words[i + skip] >> bits;
        if (bits != 0 && i + skip + 1 < length) v |= words[i + skip + 1] << (64 - bits);
        words[i] |= v;
      }
    }
  };
  // Voxel v is in the windows of c = v - h + 1 .. v + h.
  for (int reach = 0; reach < half;) {
    const int step = std::min(std::max(reach, 1), half - reach);
    orShifted(step, true);
    reach += step;
  }
  for (int reach = 0; reach < half - 1;) {
    const int step = std::min(std::max(reach, 1), half - 1 - reach);
    orShifted(step, false);
    reach += step;
  }
}

}  // namespace

BitVolume::BitVolume(Shape shape)
    : shape_(shape),
      wordsPerRow_((static_cast<size_t>(shape.x) + 63) / 64),
      words_(static_cast<size_t>(shape.z) * shape.y * wordsPerRow_, 0) {}

void BitVolume::spreadOverWindows(int half, int threads) {
  parallelFor(shape_.z, threads, [&](size_t z, size_t) {
    uint64_t* section = row(static_cast<int>(z), 0);
    for (int y = 0; y < shape_.y; y++) spreadRow(section + y * wordsPerRow_, wordsPerRow_, half);
    spreadAxis(section, shape_.y, wordsPerRow_, wordsPerRow_, half);
  });
  const size_t section = wordsPerRow_ * shape_.y;
  const size_t strip = std::min<size_t>(section, 512);  // keeps the scratch of one call in the cache
  parallelFor((section + strip - 1) / strip, threads, [&](size_t i, size_t) {
    spreadAxis(words_.data() + i * strip, shape_.z, section, std::min(strip, section - i * strip), half);
  });
}

void BitVolume::keepOnly(const BitVolume& other) {
  for (size_t i = 0; i < words_.size(); i++) words_[i] &= other.words_[i];
}

size_t BitVolume::count(int first, int end) const {
  size_t n = 0;
  for (const uint64_t* word = row(first, 0); word != row(end, 0); word++)
    n += static_cast<size_t>(std::popcount(*word));
  return n;
}

}  // namespace locscale
