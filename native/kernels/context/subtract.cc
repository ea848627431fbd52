#include "kernels/context/subtract.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/context/components.h"
#include "kernels/threads.h"

namespace locscale::context {

namespace {

/** How many voxels of the mask lie in a window; at most 20 cubed. */
using Count = std::uint16_t;

/** Offsets [-before, after] of a window of s voxels. */
struct Reach {
  int before, after;
  explicit Reach(int s) : before(s / 2), after(s - 1 - s / 2) {}
};

/** The voxel that a mirrored index means. */
int mirrored(int i, int n) {
  const int period = 2 * n;
  i = ((i % period) + period) % period;
  return i < n ? i : period - 1 - i;
}

/** Part [begin, end) of an axis of n voxels outside of which the mask is empty. */
struct Extent {
  int begin, end, n;
  int length() const { return end - begin; }
  /** Place of a mirrored index within the extent, or -1 outside it. */
  int place(int i) const {
    const int at = mirrored(i, n);
    return at >= begin && at < end ? at - begin : -1;
  }
};

Extent widened(int begin, int end, int n, const Reach& reach) {
  // Mirroring carries the mask at most as far as the window reaches, so this holds at the faces, too.
  const int by = std::max(reach.before, reach.after);
  return {std::max(0, begin - by), std::min(n, end + by), n};
}

/** Moves a sum of lines one step along an axis: one line comes in, one goes out. */
void slide(Count* sums, const Count* entering, const Count* leaving, std::size_t length) {
  if (entering != nullptr && leaving != nullptr)
    for (std::size_t i = 0; i < length; ++i) sums[i] = static_cast<Count>(sums[i] + entering[i] - leaving[i]);
  else if (entering != nullptr)
    for (std::size_t i = 0; i < length; ++i) sums[i] = static_cast<Count>(sums[i] + entering[i]);
  else if (leaving != nullptr)
    for (std::size_t i = 0; i < length; ++i) sums[i] = static_cast<Count>(sums[i] - leaving[i]);
}

/** Running sums of lines over a window along an axis; `line(i)` is the line at a place of the extent. */
template <typename Line, typename Emit>
void slideAlong(const Extent& axis, const Reach& reach, Count* sums, std::size_t length, Line line, Emit emit) {
  std::fill_n(sums, length, Count{0});
  const auto at = [&](int i) {
    const int place = axis.place(i);
    return place < 0 ? nullptr : line(place);
  };
  for (int i = axis.begin - reach.before; i < axis.begin + reach.after; ++i) slide(sums, at(i), nullptr, length);
  for (int i = axis.begin; i < axis.end; ++i) {
    slide(sums, at(i + reach.after), nullptr, length);
    emit(i - axis.begin, sums);
    slide(sums, nullptr, at(i - reach.before), length);
  }
}

/** The mask of the chosen components within the part of the box that it reaches after smoothing. */
class Mask {
 public:
  Mask(const Components& found, const Shape& shape, const SubtractSettings& settings)
      : found_(found), chosen_(settings.largest ? 1 : found.components.size()), reach_(settings.smoothing) {
    Box box = found.components.front().box;
    for (std::size_t i = 1; i < chosen_; ++i) {
      const Box& other = found.components[i].box;
      box = {std::min(box.z0, other.z0), std::max(box.z1, other.z1), std::min(box.y0, other.y0),
             std::max(box.y1, other.y1), std::min(box.x0, other.x0), std::max(box.x1, other.x1)};
    }
    z = widened(box.z0, box.z1, shape.z, reach_);
    y = widened(box.y0, box.y1, shape.y, reach_);
    x = widened(box.x0, box.x1, shape.x, reach_);
    counts_.resize(static_cast<std::size_t>(z.length()) * y.length() * x.length());
  }

  /** Sums along x and y, section by section. */
  void sumSections(int threads, const Control& control) {
    parallelFor(z.length(), threads, [&](std::size_t section, std::size_t) {
      control.throwIfCancelled();
      const std::size_t width = x.length();
      std::vector<Count> rows(y.length() * width), sums(width);
      for (int row = 0; row < y.length(); ++row)
        sumRow(static_cast<int>(section) + z.begin, row + y.begin, &rows[row * width]);
      Count* out = &counts_[section * y.length() * width];
      slideAlong(
          y, reach_, sums.data(), width, [&](int row) { return &rows[row * width]; },
          [&](int row, const Count* sum) { std::copy_n(sum, width, out + row * width); });
    });
  }

  /** Full sums of rows [first, last) of every section: calls `emit(section, row, counts)`. */
  template <typename Emit>
  void sumAlongZ(int first, int last, Emit emit) const {
    const std::size_t width = x.length(), length = (last - first) * width;
    std::vector<Count> sums(length);
    const auto line = [&](int section) {
      return &counts_[(static_cast<std::size_t>(section) * y.length() + first) * width];
    };
    slideAlong(z, reach_, sums.data(), length, line, [&](int section, const Count* sum) {
      for (int row = first; row < last; ++row) emit(section, row, sum + (row - first) * width);
    });
  }

  Extent z{}, y{}, x{};

 private:
  /** Sums of one row of the mask along x. */
  void sumRow(int section, int row, Count* out) const {
    const std::size_t index = static_cast<std::size_t>(section) * y.n + row;
    // Differences first: each run adds one where it enters the window and takes it away where it leaves.
    std::vector<std::int32_t> steps(x.length() + 1, 0);
    const auto add = [&](int begin, int end) {
      // Voxels i with a window [i - before, i + after] that holds the voxel v: v - after ... v + before.
      for (int v = begin; v < end; ++v) {
        const int from = std::clamp(v - reach_.after - x.begin, 0, x.length());
        const int to = std::clamp(v + reach_.before + 1 - x.begin, 0, x.length());
        ++steps[from];
        --steps[to];
      }
    };
    bool any = false;
    for (std::uint32_t run = found_.rows[index]; run < found_.rows[index + 1]; ++run) {
      if (found_.of[run] >= chosen_) continue;
      any = true;
      const Run& here = found_.runs[run];
      add(here.begin, here.end);
      addMirrored(here, add);
    }
    if (!any) {
      std::fill_n(out, x.length(), Count{0});
      return;
    }
    std::int32_t sum = 0;
    for (int i = 0; i < x.length(); ++i) out[i] = static_cast<Count>(sum += steps[i]);
  }

  /** The images of a run beyond the two faces, as far as windows reach. */
  template <typename Add>
  void addMirrored(const Run& run, Add add) const {
    const int far = std::max(reach_.before, reach_.after);
    for (int i = -far; i < 0; ++i)
      if (const int v = mirrored(i, x.n); v >= run.begin && v < run.end) add(i, i + 1);
    for (int i = x.n; i < x.n + far; ++i)
      if (const int v = mirrored(i, x.n); v >= run.begin && v < run.end) add(i, i + 1);
  }

  const Components& found_;
  std::size_t chosen_;
  Reach reach_;
  /** Sums along x and y over the extents. */
  std::vector<Count> counts_;
};

/** Rows of the target that a thread cleans together: enough that sections are read in pages, not in lines. */
constexpr int kRows = 8;

}  // namespace

SubtractReport subtract(std::span<const float> probability, std::span<const float> target, const Shape& shape,
                        const SubtractSettings& settings, std::span<float> cleaned, std::span<float> smooth,
                        int threads, const Control& control) {
  const Components found = findComponents(probability, shape, settings.threshold, threads, control);
  SubtractReport report;
  for (const Component& component : found.components) report.components.push_back(component.voxels);

  // What lies outside the reach of the mask.
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    const std::size_t at = z * shape.section();
    if (settings.inverse)
      std::fill_n(&cleaned[at], shape.section(), 0.0f);
    else
      std::memcpy(&cleaned[at], &target[at], shape.section() * sizeof(float));
    if (!smooth.empty()) std::fill_n(&smooth[at], shape.section(), 0.0f);
  });
  if (found.components.empty()) return report;

  const std::size_t chosen = settings.largest ? 1 : found.components.size();
  for (std::size_t i = 0; i < chosen; ++i) report.contextVoxels += found.components[i].voxels;
  Mask mask(found, shape, settings);
  mask.sumSections(threads, control);
  const float all = static_cast<float>(settings.smoothing) * settings.smoothing * settings.smoothing;
  const std::size_t blocks = (mask.y.length() + kRows - 1) / kRows;
  parallelFor(blocks, threads, [&](std::size_t block, std::size_t) {
    control.throwIfCancelled();
    const int first = static_cast<int>(block) * kRows, last = std::min(first + kRows, mask.y.length());
    mask.sumAlongZ(first, last, [&](int section, int row, const Count* counts) {
      const std::size_t at =
          (static_cast<std::size_t>(section + mask.z.begin) * shape.y + row + mask.y.begin) * shape.x + mask.x.begin;
      const float* from = &target[at];
      float* to = &cleaned[at];
      const int width = mask.x.length();
      if (settings.inverse)
        for (int i = 0; i < width; ++i) to[i] = from[i] * (static_cast<float>(counts[i]) / all);
      else
        for (int i = 0; i < width; ++i) to[i] = from[i] * ((all - static_cast<float>(counts[i])) / all);
      if (!smooth.empty())
        for (int i = 0; i < width; ++i) smooth[at + i] = static_cast<float>(counts[i]) / all;
    });
  });
  return report;
}

}  // namespace locscale::context
