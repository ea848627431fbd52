// Scratch of one thread for the tiles of one job (no include guard: compiled per target).

template <int kLanes>
class Workspace final : public FscWorkspace {
 public:
  using Buffer = hwy::AlignedFreeUniquePtr<float[]>;

  explicit Workspace(const FscPlan& plan)
      : rows(kInnerRows + plan.window + 1),
        rowLength(static_cast<size_t>(kLanes) * ((plan.window + 2 * kLanes - 1) / kLanes)),
        lineStride(strideFor(static_cast<size_t>(rows) * 2 * kLanes)),
        shellStride(strideFor(static_cast<size_t>(kInnerRows) * 3 * kLanes)),
        blockStride(2 * static_cast<size_t>(kMostCount + 2) * kLanes),
        entering(make(rowLength)),
        leaving(make(rowLength)),
        folded(make(4 * static_cast<size_t>(plan.half + 1) * kLanes)),
        transforms(make(2 * static_cast<size_t>(kChunkRows) * kMostCount * kLanes)),
        sums(make(static_cast<size_t>(plan.half) * shellStride)) {
    const size_t blocks = plan.longestLine / kMostCount + 1;
    for (int map = 0; map < 2; map++) {
      lane[map] = make(static_cast<size_t>(plan.half) * lineStride);
      state[map] = make(plan.states * lineStride);
      tapered[map] = make(lineStride);
      blockStates[map] = make(blocks * blockStride);
    }
  }

  const int rows;  ///< of a line: the inner range, a window, and one that the last step of a slide reads in vain
  const size_t rowLength;  ///< lanes + window, in whole vectors
  const size_t lineStride, shellStride, blockStride;
  Buffer entering, leaving, folded, transforms, sums;
  Buffer lane[2], state[2], tapered[2], blockStates[2];  ///< of each half map

 private:
  // Starts a multiple of 4096 bytes apart would all fall into the same cache sets.
  static size_t strideFor(size_t floats) { return floats % 1024 == 0 ? floats + kLanes : floats; }
  static Buffer make(size_t floats) {
    Buffer buffer = hwy::AllocateAligned<float>(floats);
    std::fill_n(buffer.get(), floats, 0.0f);
    return buffer;
  }
};
