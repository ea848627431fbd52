// Scratch of one thread for the tiles of one job (no include guard: compiled per target).

/// Sections that the map's state goes through before the reference's takes its turn, line by line. The states of both
/// do not fit into the second-level cache, so each line is fetched once for all sections of the group; more sections
/// crowd it out with their own rows.
constexpr int kSectionGroup = 4;

template <int kLanes>
class Workspace final : public TileWorkspace {
 public:
  using Buffer = hwy::AlignedFreeUniquePtr<float[]>;

  explicit Workspace(const WindowPlan& plan)
      : basisStage(plan),
        rows(kInnerRows + plan.window + kMaxPositions),
        lineStride(strideFor(static_cast<size_t>(rows) * 2 * kLanes)),
        binStride(static_cast<size_t>(kInnerRows) * kLanes),
        laneStride(count(plan.bins) * lineStride),
        streamStride(strideFor(static_cast<size_t>(rows) * kLanes)),
        rowLength(static_cast<size_t>(kLanes) * ((plan.window + 2 * kLanes - 1) / kLanes)),
        sectionStride(rows * rowLength),
        profileStride(count(plan.bins) * binStride),
        mapSections(make((plan.window + kSectionGroup) * sectionStride)),
        referenceSections(make((plan.window + kSectionGroup) * sectionStride)),
        mapState(make(plan.lines.size() * lineStride)),
        referenceState(make(plan.lines.size() * lineStride)),
        lane(make(kSectionGroup * laneStride)),
        mapProfile(make(kSectionGroup * profileStride)),
        referenceProfile(make(kSectionGroup * profileStride)),
        folded(make(4 * kLanes * count(plan.half))),
        even(make(count(plan.bins) * kLanes)),
        odd(make(count(plan.bins) * kLanes)),
        difference(make(rowLength)),
        sectionPairs(make(count(plan.bins) * rowLength)),
        streams(make((plan.streams + 1) * streamStride)),
        sums(make(static_cast<size_t>(kOrbitChunk) * kMaxPositions * kLanes)),
        total(make(static_cast<size_t>(kMaxPositions) * kLanes)),
        basis(make(basisStage.paddedBins() * kMaxPositions * kLanes)),
        factors(make(count(plan.bins) * kLanes)),
        kernel(make(plan.orbits.size() * basisStage.paddedBins())) {
    for (size_t o = 0; o < plan.orbits.size(); o++) {
      std::copy_n(plan.basis.data() + o * (plan.half - 1), plan.half - 1, kernel.get() + o * basisStage.paddedBins());
    }
    const int zeros = plan.streams * static_cast<int>(streamStride);
    const auto offset = [&](int stream, int row) { return stream * static_cast<int>(streamStride) + row * kLanes; };
    for (const Orbit& orbit : plan.orbits) {
      for (int t = 0; t < orbit.termCount; t++) {
        const auto [stream, c] = orbit.terms[t];
        // Streams start h rows before the voxel's row; distance 0 and the unpaired -h have one sample only.
        terms.push_back({c == plan.half ? zeros : offset(stream, plan.half + c), offset(stream, plan.half - c)});
        if (c == 0) terms.back().plus = zeros;
      }
    }
    for (int line = 0; line < static_cast<int>(plan.lines.size()); line++) {
      for (const FrequencyBlock& block : plan.lines[line].blocks) slides.push_back(chooseSlide<kLanes>(block));
    }
  }

  const BasisStage<kLanes> basisStage;
  const int rows;  ///< rows of the state: the inner range, a window, and slack for groups of positions
  const size_t lineStride, binStride;
  const size_t laneStride;  ///< lane stage of one section
  const size_t streamStride;
  const size_t rowLength;      ///< lanes + window, in whole vectors
  const size_t sectionStride;  ///< rows of one section
  const size_t profileStride;  ///< profiles of one section
  /// Window rows of the last sections, section z in slot z mod (w + kSectionGroup): the map's own rows lie a power of
  /// two bytes apart in many boxes, which would throw each other out of the caches.
  Buffer mapSections, referenceSections;
  Buffer mapState, referenceState, lane, mapProfile, referenceProfile, folded, even, odd, difference;
  Buffer sectionPairs, streams, sums, total, basis, factors, kernel;
  std::vector<TermOffsets> terms;
  std::vector<SlideBlock> slides;  ///< one per block, in the order of the lines

 private:
  // Line starts a multiple of 4096 bytes apart would all fall into the same cache sets.
  static size_t strideFor(size_t floats) { return floats % 1024 == 0 ? floats + kLanes : floats; }
  // Counts are never negative; saying so keeps the compiler from warning of huge buffers.
  static size_t count(int n) { return static_cast<unsigned>(n); }
  static Buffer make(size_t floats) {
    Buffer buffer = hwy::AllocateAligned<float>(floats + kLanes);
    std::fill_n(buffer.get(), floats + kLanes, 0.0f);
    return buffer;
  }
};
