// One bit per voxel, rows along x padded to whole words: masks and "this window holds a non-zero value".
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/shape.h"

#include "kernels/shape.h"

namespace locscale {

class BitVolume {
 public:
  explicit BitVolume(Shape shape);

  /// Bits of `lanes` (<= 32, a divisor of 64) neighbouring voxels from x, a multiple of `lanes`; bit 0 is voxel x.
  uint32_t lanes(int z, int y, int x, int lanes) const {
    const uint64_t word = row(z, y)[x >> 6];
    return static_cast<uint32_t>((word >> (x & 63)) & ((uint64_t{1} << lanes) - 1));
  }

  /// Sets every bit of section z from predicate(index of the voxel in the whole array).
  template <typename Predicate>
  void fillSection(int z, Predicate predicate);

  /// Afterwards the bit of voxel c is set when any voxel of its window [c - h, c + h)^3 was set before; the array ends
  /// count as not set. Cost: a few word operations per 64 voxels and axis.
  void spreadOverWindows(int half, int threads);

  /// Clears the bits that `other` (same shape) does not have.
  void keepOnly(const BitVolume& other);

  uint64_t* row(int z, int y) { return words_.data() + (static_cast<size_t>(z) * shape_.y + y) * wordsPerRow_; }
  const uint64_t* row(int z, int y) const {
    return words_.data() + (static_cast<size_t>(z) * shape_.y + y) * wordsPerRow_;
  }
  const Shape& shape() const { return shape_; }
  /// Bits that are set in sections [first, end).
  size_t count(int first, int end) const;

 private:
  Shape shape_;
  size_t wordsPerRow_;
  std::vector<uint64_t> words_;
};

template <typename Predicate>
void BitVolume::fillSection(int z, Predicate predicate) {
  for (int y = 0; y < shape_.y; y++) {
    const size_t start = (static_cast<size_t>(z) * shape_.y + y) * shape_.x;
    uint64_t* words = row(z, y);
    for (int x0 = 0; x0 < shape_.x; x0 += 64) {
      const int n = shape_.x - x0 < 64 ? shape_.x - x0 : 64;
      uint64_t word = 0;
      for (int i = 0; i < n; i++) word |= static_cast<uint64_t>(predicate(start + x0 + i)) << i;
      words[x0 >> 6] = word;
    }
  }
}

}  // namespace locscale
