#include "kernels/model/splat.h"

#include <algorithm>
#include <vector>

#include "kernels/threads.h"

#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/model/splat.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>

#ifndef LOCSCALE_MODEL_SPLAT_JOB
#define LOCSCALE_MODEL_SPLAT_JOB
namespace locscale::model {

/** Sections [begin, end) of the map, and the blobs that reach into them, by index. */
struct SplatSlab {
  const Box* box;
  std::span<const Blob> blobs;
  std::span<const std::uint32_t> chosen;
  int begin, end;
  float* map;
};

}  // namespace locscale::model
#endif

HWY_BEFORE_NAMESPACE();
namespace locscale::model::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;

/**
 * A Gaussian in three dimensions is the product of three in one: tables of exp(-decay d^2) along x, y and z make the
 * exponentials few and the inner loop five multiply-adds a voxel. One row of `stride` values for each Gaussian.
 */
struct AxisTable {
  std::vector<float> values;
  std::vector<float> squares;  ///< d^2 of each voxel, square angstrom
  int reach = 0, count = 0, stride = 0;

  float* row(int k) { return values.data() + static_cast<std::size_t>(k) * stride; }

  void fill(const Blob& blob, int axis, float step) {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    reach = static_cast<int>(blob.radius / step) + 1;
    count = 2 * reach + 1;
    stride = (count + lanes - 1) / lanes * lanes;
    if (values.size() < static_cast<std::size_t>(kGaussians) * stride) {
      values.resize(static_cast<std::size_t>(kGaussians) * stride);
      squares.resize(stride);
    }
    const auto limit = hn::Set(d, blob.radius * blob.radius);
    for (int i = 0; i < stride; i += lanes) {
      const auto voxel = hn::Iota(d, static_cast<float>(i - reach));
      const auto distance = hn::MulSub(voxel, hn::Set(d, step), hn::Set(d, blob.offset[axis]));
      const auto square = hn::Mul(distance, distance);
      const auto inside = hn::Le(square, limit);
      hn::StoreU(square, d, squares.data() + i);
      for (int k = 0; k < kGaussians; ++k) {
        const auto exponent = hn::Mul(square, hn::Set(d, -blob.decay[k]));
        hn::StoreU(hn::IfThenElseZero(inside, hn::Exp(d, exponent)), d, row(k) + i);
      }
    }
  }
};

/** out[i] += sum over k of weights[k] table(k)[i], for whole vectors. */
HWY_INLINE void AddRow(const float* table, int stride, const float* weights, float* out) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto w0 = hn::Set(d, weights[0]), w1 = hn::Set(d, weights[1]), w2 = hn::Set(d, weights[2]);
  const auto w3 = hn::Set(d, weights[3]), w4 = hn::Set(d, weights[4]);
  static_assert(kGaussians == 5);
  for (int i = 0; i < stride; i += lanes) {
    auto sum = hn::LoadU(d, out + i);
    sum = hn::MulAdd(w0, hn::LoadU(d, table + i), sum);
    sum = hn::MulAdd(w1, hn::LoadU(d, table + stride + i), sum);
    sum = hn::MulAdd(w2, hn::LoadU(d, table + 2 * stride + i), sum);
    sum = hn::MulAdd(w3, hn::LoadU(d, table + 3 * stride + i), sum);
    sum = hn::MulAdd(w4, hn::LoadU(d, table + 4 * stride + i), sum);
    hn::StoreU(sum, d, out + i);
  }
}

void AddSlab(const SplatSlab& slab, const Control& control) {
  const Box& box = *slab.box;
  const auto [nx, ny, nz] = box.edges();
  const float steps[3] = {static_cast<float>(box.voxelSize[0]), static_cast<float>(box.voxelSize[1]),
                          static_cast<float>(box.voxelSize[2])};
  AxisTable x, y, z;
  std::vector<float> edgeRow;
  std::size_t done = 0;
  for (const std::uint32_t index : slab.chosen) {
    if (++done % 256 == 0) control.throwIfCancelled();
    const Blob& blob = slab.blobs[index];
    x.fill(blob, 0, steps[0]);
    y.fill(blob, 1, steps[1]);
    z.fill(blob, 2, steps[2]);
    const float limit = blob.radius * blob.radius;
    const int firstX = blob.voxel[0] - x.reach;
    // Vectors may pass the last voxel of the row only within it: beyond lies the next row, perhaps another thread's.
    const bool whole = firstX >= 0 && firstX + x.stride <= nx;
    for (int iz = 0; iz < z.count; ++iz) {
      const int section = wrapped(blob.voxel[2] - z.reach + iz, nz);
      if (section < slab.begin || section >= slab.end || z.squares[iz] > limit) continue;
      float* plane = slab.map + static_cast<std::size_t>(section) * box.shape.section();
      for (int iy = 0; iy < y.count; ++iy) {
        if (z.squares[iz] + y.squares[iy] > limit) continue;
        float weights[kGaussians];
        for (int k = 0; k < kGaussians; ++k) weights[k] = blob.height[k] * z.row(k)[iz] * y.row(k)[iy];
        float* row = plane + static_cast<std::size_t>(wrapped(blob.voxel[1] - y.reach + iy, ny)) * nx;
        if (whole) {
          AddRow(x.values.data(), x.stride, weights, row + firstX);
        } else {
          edgeRow.assign(x.stride, 0);
          AddRow(x.values.data(), x.stride, weights, edgeRow.data());
          for (int ix = 0; ix < x.count; ++ix) row[wrapped(firstX + ix, nx)] += edgeRow[ix];
        }
      }
    }
  }
}

}  // namespace locscale::model::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locscale::model {

HWY_EXPORT(AddSlab);

namespace {

/** Sections of a slab: thick enough that few atoms belong to two, thin enough that a small box feeds many threads. */
constexpr int kThickness = 16;

int slabCount(const Shape& shape) noexcept { return (shape.z + kThickness - 1) / kThickness; }

/** For each slab the blobs that reach into it, in their order. */
std::vector<std::vector<std::uint32_t>> blobsOfSlabs(std::span<const Blob> blobs, const Box& box) {
  const int nz = box.shape.z, slabs = slabCount(box.shape);
  std::vector<std::vector<std::uint32_t>> chosen(slabs);
  for (std::uint32_t index = 0; index < blobs.size(); ++index) {
    const int reachZ = reach(blobs[index], box.voxelSize[2]);
    const int centre = blobs[index].voxel[2];
    for (int slab = 0; slab < slabs; ++slab) {
      // Distance along the ring of sections from the slab's first section to the blob's lowest one.
      const int begin = slab * kThickness, thickness = std::min(kThickness, nz - begin);
      const int ahead = wrapped(centre - reachZ - begin, nz);
      if (2 * reachZ + 1 >= nz || ahead < thickness || ahead + 2 * reachZ >= nz) chosen[slab].push_back(index);
    }
  }
  return chosen;
}

}  // namespace

std::int32_t splatUnits(const Shape& shape) noexcept { return slabCount(shape); }

void splat(std::span<const Blob> blobs, const Box& box, std::span<float> map, int threads, const Control& control) {
  const auto chosen = blobsOfSlabs(blobs, box);
  parallelFor(chosen.size(), threads, [&](std::size_t slab, std::size_t) {
    control.throwIfCancelled();
    const int begin = static_cast<int>(slab) * kThickness;
    const int end = std::min(begin + kThickness, box.shape.z);
    HWY_DYNAMIC_DISPATCH(AddSlab)({&box, blobs, chosen[slab], begin, end, map.data()}, control);
    control.advance(1);
  });
}

}  // namespace locscale::model
#endif
