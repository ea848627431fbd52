#include "kernels/handedness/handedness.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/threads.h"

namespace locscale::handedness {

namespace {

using Line = std::vector<float>;
using Vector = std::array<double, 3>;

/** A Gaussian and its first and second derivative, out to four standard deviations, as correlation kernels. */
std::array<Line, 3> derivativeKernels(double sigma) {
  const int reach = static_cast<int>(std::ceil(4 * sigma));
  std::array<Line, 3> kernels;
  double total = 0;
  for (int i = -reach; i <= reach; ++i) total += std::exp(-i * i / (2 * sigma * sigma));
  for (int i = -reach; i <= reach; ++i) {
    const double u = i / sigma, gaussian = std::exp(-u * u / 2) / total;
    kernels[0].push_back(static_cast<float>(gaussian));
    kernels[1].push_back(static_cast<float>(u / sigma * gaussian));
    kernels[2].push_back(static_cast<float>((u * u - 1) / (sigma * sigma) * gaussian));
  }
  return kernels;
}

/** Correlates the middle one of three axes, which shrinks by the kernel: (outer, n, inner) to (outer, n - length + 1,
 * inner). */
void correlate(const Line& from, std::size_t outer, std::size_t n, std::size_t inner, const Line& kernel, Line& to) {
  const std::size_t kept = (n - kernel.size() + 1) * inner;
  std::fill_n(to.begin(), outer * kept, 0.0F);
  for (std::size_t o = 0; o < outer; ++o) {
    float* sums = &to[o * kept];
    for (std::size_t k = 0; k < kernel.size(); ++k) {
      const float* source = &from[(o * n + k) * inner];
      const float weight = kernel[k];
      for (std::size_t i = 0; i < kept; ++i) sums[i] += weight * source[i];
    }
  }
}

double length(const Vector& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

/** Derivatives of one block, in buffers that a thread uses again. */
class Block {
 public:
  Block(double sigma, int edge)
      : kernels_(derivativeKernels(sigma)),
        edge_(edge),
        reach_(static_cast<int>(kernels_[0].size() / 2)),
        wide_(edge + 2 * reach_) {
    const std::size_t wide = wide_, narrow = edge;
    around_.resize(wide * wide * wide);
    along_x_.resize(wide * wide * narrow);
    along_yx_.resize(wide * narrow * narrow);
    for (int z = 0; z <= 2; ++z) {
      for (int y = 0; z + y <= 2; ++y) {
        for (int x = 0; z + y + x <= 2; ++x) derivatives_[z][y][x].resize(narrow * narrow * narrow);
      }
    }
  }

  BlockSums sums(std::span<const float> map, std::span<const std::uint8_t> mask, const Shape& shape,
                 const Shape& first) {
    fill(map, shape, first);
    const std::size_t wide = wide_, narrow = edge_;
    for (int x = 0; x <= 2; ++x) {
      correlate(around_, wide * wide, wide, 1, kernels_[x], along_x_);
      for (int y = 0; x + y <= 2; ++y) {
        correlate(along_x_, wide, wide, narrow, kernels_[y], along_yx_);
        for (int z = 0; x + y + z <= 2; ++z) {
          correlate(along_yx_, 1, wide, narrow * narrow, kernels_[z], derivatives_[z][y][x]);
        }
      }
    }
    BlockSums sums;
    forEachVoxel(shape, first, [&](std::size_t voxel, std::size_t own) {
      if (mask[voxel] != 0) add(own, sums);
    });
    return sums;
  }

  template <typename Visit>
  void forEachVoxel(const Shape& shape, const Shape& first, Visit visit) const {
    const int z1 = std::min(edge_, shape.z - first.z), y1 = std::min(edge_, shape.y - first.y);
    const int x1 = std::min(edge_, shape.x - first.x);
    for (int z = 0; z < z1; ++z) {
      for (int y = 0; y < y1; ++y) {
        const std::size_t row = (static_cast<std::size_t>(first.z + z) * shape.y + first.y + y) * shape.x +
                                static_cast<std::size_t>(first.x);
        const std::size_t own = (static_cast<std::size_t>(z) * edge_ + y) * edge_;
        for (int x = 0; x < x1; ++x) visit(row + x, own + x);
      }
    }
  }

 private:
  void fill(std::span<const float> map, const Shape& shape, const Shape& first) {
    std::fill(around_.begin(), around_.end(), 0.0F);
    const int x0 = std::max(0, first.x - reach_), x1 = std::min(shape.x, first.x + edge_ + reach_);
    for (int z = std::max(0, first.z - reach_); z < std::min(shape.z, first.z + edge_ + reach_); ++z) {
      for (int y = std::max(0, first.y - reach_); y < std::min(shape.y, first.y + edge_ + reach_); ++y) {
        const std::size_t row = (static_cast<std::size_t>(z) * shape.y + y) * shape.x;
        const std::size_t to =
            (static_cast<std::size_t>(z - first.z + reach_) * wide_ + (y - first.y + reach_)) * wide_ +
            (x0 - first.x + reach_);
        std::copy_n(map.begin() + static_cast<std::ptrdiff_t>(row) + x0, x1 - x0,
                    around_.begin() + static_cast<std::ptrdiff_t>(to));
      }
    }
  }

  void add(std::size_t at, BlockSums& sums) const {
    const auto d = [&](int z, int y, int x) { return static_cast<double>(derivatives_[z][y][x][at]); };
    const Vector g = {d(1, 0, 0), d(0, 1, 0), d(0, 0, 1)};
    const std::array<Vector, 3> h = {{{d(2, 0, 0), d(1, 1, 0), d(1, 0, 1)},
                                      {d(1, 1, 0), d(0, 2, 0), d(0, 1, 1)},
                                      {d(1, 0, 1), d(0, 1, 1), d(0, 0, 2)}}};
    const auto times = [&](const Vector& v) {
      Vector product;
      for (int r = 0; r < 3; ++r) product[r] = h[r][0] * v[0] + h[r][1] * v[1] + h[r][2] * v[2];
      return product;
    };
    const Vector a = times(g), b = times(a);
    const double zyx =
        g[0] * (a[1] * b[2] - a[2] * b[1]) - g[1] * (a[0] * b[2] - a[2] * b[0]) + g[2] * (a[0] * b[1] - a[1] * b[0]);
    // Components are ordered z, y, x, which is a mirror of x, y, z.
    sums.turn -= std::cbrt(zyx);
    sums.size += std::cbrt(length(g) * length(a) * length(b));
  }

  std::array<Line, 3> kernels_;
  int edge_, reach_, wide_;
  Line around_, along_x_, along_yx_;
  std::array<std::array<std::array<Line, 3>, 3>, 3> derivatives_;  ///< by order along z, y, x; up to two in all
};

}  // namespace

std::vector<BlockSums> handedness(std::span<const float> map, std::span<const std::uint8_t> mask, const Shape& shape,
                                  double sigma, int edge, int threads, const Control& control) {
  std::vector<Block> blocks(static_cast<std::size_t>(threads), Block(sigma, edge));
  std::vector<Shape> wanted;
  for (int z = 0; z < shape.z; z += edge) {
    for (int y = 0; y < shape.y; y += edge) {
      for (int x = 0; x < shape.x; x += edge) {
        bool any = false;
        blocks.front().forEachVoxel(shape, {z, y, x}, [&](std::size_t voxel, std::size_t) { any |= mask[voxel] != 0; });
        if (any) wanted.push_back({z, y, x});
      }
    }
  }
  control.setTotal(static_cast<std::int32_t>(wanted.size()));
  std::vector<BlockSums> sums(wanted.size());
  parallelFor(wanted.size(), blocks.size(), [&](std::size_t item, std::size_t worker) {
    control.throwIfCancelled();
    sums[item] = blocks[worker].sums(map, mask, shape, wanted[item]);
    control.advance(1);
  });
  return sums;
}

}  // namespace locscale::handedness
