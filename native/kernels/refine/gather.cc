#include "kernels/refine/gather.h"

#include <algorithm>
#include <cstddef>
#include <numbers>
#include <vector>

#include "kernels/threads.h"

#include "kernels/simd_targets.h"

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

/** The tables of one atom, and the buffers that the next one uses again. */
struct Workspace {
  AxisTable axes[3];
  std::vector<float> weightedY;   ///< the table along y times y^2
  std::vector<std::size_t> rows;  ///< where the rows along y begin within a section
  std::vector<float> edgeRow;
};

/**
 * With beta = 4 pi^2 / decay, d/dB of a Gaussian is decay (decay r^2 - 1.5) / (4 pi^2) times itself, and
 * r^2 = x^2 + y^2 + z^2. So a section is summed along y twice for each Gaussian, plainly and times y^2; sections are
 * summed along z with what belongs to x^2 apart; and x comes last.
 */
double SlopeOf(const model::Blob& blob, const model::Box& box, const float* map, Workspace& work) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto [nx, ny, nz] = box.edges();
  auto& [x, y, z] = work.axes;
  for (int axis = 0; axis < 3; ++axis) work.axes[axis].fill(blob, axis, static_cast<float>(box.voxelSize[axis]));
  work.weightedY.resize(std::max(work.weightedY.size(), y.values.size()));
  for (int k = 0; k < kGaussians; ++k) {
    float* weighted = work.weightedY.data() + static_cast<std::size_t>(k) * y.stride;
    for (int i = 0; i < y.stride; ++i) weighted[i] = y.row(k)[i] * y.squares[i];
  }
  work.rows.resize(y.count);
  for (int iy = 0; iy < y.count; ++iy) {
    work.rows[iy] = static_cast<std::size_t>(model::wrapped(blob.voxel[1] - y.reach + iy, ny)) * nx;
  }
  const float limit = blob.radius * blob.radius;
  const int firstX = blob.voxel[0] - x.reach;
  const bool whole = firstX >= 0 && firstX + x.stride <= nx;
  if (!whole) work.edgeRow.assign(x.stride, 0);

  double total = 0;
  for (int block = 0; block < x.stride; block += lanes) {
    using V = hn::Vec<D>;
    const V zero = hn::Zero(d);
    V withX[kGaussians] = {zero, zero, zero, zero, zero}, without[kGaussians] = {zero, zero, zero, zero, zero};
    for (int iz = 0; iz < z.count; ++iz) {
      const float left = limit - z.squares[iz];
      if (left < 0) continue;
      const float* plane = map + model::wrapped(blob.voxel[2] - z.reach + iz, nz) * box.shape.section();
      V plain[kGaussians] = {zero, zero, zero, zero, zero}, weighted[kGaussians] = {zero, zero, zero, zero, zero};
      for (int iy = 0; iy < y.count; ++iy) {
        if (y.squares[iy] > left) continue;
        const float* row = plane + work.rows[iy];
        if (!whole) {
          const int end = std::min(block + lanes, x.count);
          for (int ix = block; ix < end; ++ix) work.edgeRow[ix] = row[model::wrapped(firstX + ix, nx)];
        }
        const V values = hn::LoadU(d, whole ? row + firstX + block : work.edgeRow.data() + block);
        for (int k = 0; k < kGaussians; ++k) {
          plain[k] = hn::MulAdd(hn::Set(d, y.row(k)[iy]), values, plain[k]);
          weighted[k] = hn::MulAdd(hn::Set(d, work.weightedY[k * y.stride + iy]), values, weighted[k]);
        }
      }
      for (int k = 0; k < kGaussians; ++k) {
        const float here = z.row(k)[iz], decay = blob.decay[k];
        withX[k] = hn::MulAdd(hn::Set(d, here), plain[k], withX[k]);
        without[k] = hn::MulAdd(hn::Set(d, here * decay), weighted[k], without[k]);
        without[k] = hn::MulAdd(hn::Set(d, here * (decay * z.squares[iz] - 1.5F)), plain[k], without[k]);
      }
    }
    const V squares = hn::LoadU(d, x.squares.data() + block);
    V sum = zero;
    for (int k = 0; k < kGaussians; ++k) {
      const V scaled = hn::Mul(squares, hn::Set(d, blob.decay[k]));
      const V inner = hn::Mul(hn::MulAdd(scaled, withX[k], without[k]), hn::LoadU(d, x.row(k) + block));
      sum = hn::MulAdd(hn::Set(d, blob.height[k] * blob.decay[k]), inner, sum);
    }
    total += hn::GetLane(hn::SumOfLanes(d, sum));
  }
  return total / (4 * std::numbers::pi * std::numbers::pi);
}

void GatherBlobs(const GatherJob& job) {
  Workspace work;
  for (std::size_t i = 0; i < job.blobs.size(); ++i) {
    job.slopes[i] = SlopeOf(job.blobs[i], *job.box, job.map, work);
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
