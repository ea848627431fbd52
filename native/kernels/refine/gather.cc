#include "kernels/refine/gather.h"

#include <algorithm>
#include <cstddef>
#include <numbers>
#include <vector>

#include "kernels/threads.h"

// As for the scaling kernel: targets that would only repeat another one, and sizeless vectors.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/refine/gather.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>

#ifndef LOCSCALE_REFINE_GATHER_JOB
#define LOCSCALE_REFINE_GATHER_JOB
namespace locscale::refine {

struct GatherJob {
  const model::Box* box;
  std::span<const model::Blob> blobs;
  const float* map;
  double* slopes;
};

}  // namespace locscale::refine
#endif

HWY_BEFORE_NAMESPACE();
namespace locscale::refine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using model::kGaussians;

/** exp(-decay d^2) of every Gaussian along one axis, and d^2; one row of `stride` values for each Gaussian. */
struct AxisTable {
  std::vector<float> values, squares;
  int reach = 0, count = 0, stride = 0;

  const float* row(int k) const { return values.data() + static_cast<std::size_t>(k) * stride; }

  void fill(const model::Blob& blob, int axis, float step) {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    reach = model::reach(blob, step);
    count = 2 * reach + 1;
    stride = (count + lanes - 1) / lanes * lanes;
    values.resize(std::max(values.size(), static_cast<std::size_t>(kGaussians) * stride));
    squares.resize(std::max(squares.size(), static_cast<std::size_t>(stride)));
    const auto limit = hn::Set(d, blob.radius * blob.radius);
    for (int i = 0; i < stride; i += lanes) {
      const auto voxel = hn::Iota(d, static_cast<float>(i - reach));
      const auto distance = hn::MulSub(voxel, hn::Set(d, step), hn::Set(d, blob.offset[axis]));
      const auto square = hn::Mul(distance, distance);
      hn::StoreU(square, d, squares.data() + i);
      for (int k = 0; k < kGaussians; ++k) {
        const auto value = hn::Exp(d, hn::Mul(square, hn::Set(d, -blob.decay[k])));
        hn::StoreU(hn::IfThenElseZero(hn::Le(square, limit), value), d,
                   values.data() + static_cast<std::size_t>(k) * stride + i);
      }
    }
  }
};

/**
 * With beta = 4 pi^2 / decay, d/dB of a Gaussian is (decay^2 r^2 - 1.5 decay) / (4 pi^2) times itself, and
 * r^2 = x^2 + (y^2 + z^2): so two sums along x for each Gaussian, weighted row by row, and tables only at the end.
 */
double SlopeOf(const model::Blob& blob, const model::Box& box, const float* map, AxisTable (&axes)[3],
               std::vector<float>& edgeRow) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto [nx, ny, nz] = box.edges();
  auto& [x, y, z] = axes;
  for (int axis = 0; axis < 3; ++axis) axes[axis].fill(blob, axis, static_cast<float>(box.voxelSize[axis]));
  const float limit = blob.radius * blob.radius;
  const int firstX = blob.voxel[0] - x.reach;
  const bool whole = firstX >= 0 && firstX + x.stride <= nx;
  if (!whole) edgeRow.assign(x.stride, 0);

  double total = 0;
  for (int block = 0; block < x.stride; block += lanes) {
    auto a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
    auto b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
    for (int iz = 0; iz < z.count; ++iz) {
      if (z.squares[iz] > limit) continue;
      const float* plane = map + model::wrapped(blob.voxel[2] - z.reach + iz, nz) * box.shape.section();
      float heights[kGaussians];
      for (int k = 0; k < kGaussians; ++k) heights[k] = blob.height[k] * blob.decay[k] * z.row(k)[iz];
      for (int iy = 0; iy < y.count; ++iy) {
        const float square = z.squares[iz] + y.squares[iy];
        if (square > limit) continue;
        const float* row = plane + static_cast<std::size_t>(model::wrapped(blob.voxel[1] - y.reach + iy, ny)) * nx;
        if (!whole) {
          const int end = std::min(block + lanes, x.count);
          for (int ix = block; ix < end; ++ix) edgeRow[ix] = row[model::wrapped(firstX + ix, nx)];
        }
        const auto values = hn::LoadU(d, whole ? row + firstX + block : edgeRow.data() + block);
        float plain[kGaussians], shifted[kGaussians];
        for (int k = 0; k < kGaussians; ++k) {
          const float weight = heights[k] * y.row(k)[iy];
          plain[k] = weight * blob.decay[k];
          shifted[k] = weight * (blob.decay[k] * square - 1.5F);
        }
        static_assert(kGaussians == 5);
        a0 = hn::MulAdd(hn::Set(d, plain[0]), values, a0);
        a1 = hn::MulAdd(hn::Set(d, plain[1]), values, a1);
        a2 = hn::MulAdd(hn::Set(d, plain[2]), values, a2);
        a3 = hn::MulAdd(hn::Set(d, plain[3]), values, a3);
        a4 = hn::MulAdd(hn::Set(d, plain[4]), values, a4);
        b0 = hn::MulAdd(hn::Set(d, shifted[0]), values, b0);
        b1 = hn::MulAdd(hn::Set(d, shifted[1]), values, b1);
        b2 = hn::MulAdd(hn::Set(d, shifted[2]), values, b2);
        b3 = hn::MulAdd(hn::Set(d, shifted[3]), values, b3);
        b4 = hn::MulAdd(hn::Set(d, shifted[4]), values, b4);
      }
    }
    const auto squares = hn::LoadU(d, x.squares.data() + block);
    const auto term = [&](auto plain, auto shifted, int k) HWY_ATTR {
      return hn::Mul(hn::MulAdd(plain, squares, shifted), hn::LoadU(d, x.row(k) + block));
    };
    const auto sum = hn::Add(
        hn::Add(hn::Add(term(a0, b0, 0), term(a1, b1, 1)), hn::Add(term(a2, b2, 2), term(a3, b3, 3))), term(a4, b4, 4));
    total += hn::GetLane(hn::SumOfLanes(d, sum));
  }
  return total / (4 * std::numbers::pi * std::numbers::pi);
}

void GatherBlobs(const GatherJob& job) {
  AxisTable axes[3];
  std::vector<float> edgeRow;
  for (std::size_t i = 0; i < job.blobs.size(); ++i) {
    job.slopes[i] = SlopeOf(job.blobs[i], *job.box, job.map, axes, edgeRow);
  }
}

}  // namespace locscale::refine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locscale::refine {

HWY_EXPORT(GatherBlobs);

void gather(std::span<const model::Blob> blobs, const model::Box& box, std::span<const float> map,
            std::span<double> slopes, int threads, const Control& control) {
  constexpr std::size_t kChunk = 256;
  const std::size_t chunks = (blobs.size() + kChunk - 1) / kChunk;
  parallelFor(chunks, threads, [&](std::size_t chunk, std::size_t) {
    control.throwIfCancelled();
    const std::size_t begin = chunk * kChunk, count = std::min(kChunk, blobs.size() - begin);
    HWY_DYNAMIC_DISPATCH(GatherBlobs)({&box, blobs.subspan(begin, count), map.data(), slopes.data() + begin});
  });
}

}  // namespace locscale::refine
#endif
