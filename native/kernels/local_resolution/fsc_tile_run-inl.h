// One tile from mask to local resolution (no include guard: compiled per target).
//
//   A[kx](x,y,z)   = sum_e f(x+e, y, z) t(e) W^(kx e)                 lane stage, plain sum over the tapered window
//   P[kx,kz](y)   += (A(section z+h-1) - A(section z-h-1)) W^(kz z)   outer stage, absolute phase, no taper
//   T[kx,kz](y)    = P(kz) + (W^(c) P(kz-1) + W^(-c) P(kz+1)) / 2     taper along z, of the section c
//   then along y: window_slide-inl.h
//
// W = exp(-2 pi i / w). A Hann taper is a combination of three neighbouring frequencies, so windows that slide without
// taper are enough. Both half maps go through the stages together, and products of their transforms are all that is
// kept.

/// Half-open range of rows.
struct Span {
  int first, end;
};

/// Masked rows further apart than this start a new slide; a shorter gap is cheaper to slide over than to restart after.
constexpr int kJoinGap = 4;

template <int kLanes>
class TileRun {
 public:
  TileRun(const FscJob& job, const Tile& tile, Workspace<kLanes>& work)
      : job_(job), plan_(*job.plan), tile_(tile), work_(work), window_(plan_.window), half_(plan_.half) {}

  void run(const Control& control) {
    for (int map = 0; map < 2; map++) {
      std::fill_n(work_.state[map].get(), plan_.states * work_.lineStride, 0.0f);
    }
    for (int z = tile_.z0 - window_ + 1; z < tile_.z1; z++) {
      control.throwIfCancelled();
      for (int map = 0; map < 2; map++) exchangeSections(map, z);
      if (z >= tile_.z0) findRuns(z);
      const bool record = z >= tile_.z0 && !runs_.empty();
      if (record) std::fill_n(work_.sums.get(), static_cast<size_t>(half_) * work_.shellStride, 0.0f);
      size_t state = 0;
      for (const LaneGroup& group : plan_.groups) {
        moveStates(group, state, z);
        if (record) {
          for (size_t line = 0; line < group.lines.size(); line++) {
            slideLine(group.lines[line], state + (line + 1) * work_.lineStride, z);
          }
        }
        state += static_cast<size_t>(group.states()) * work_.lineStride;
      }
      if (record) resolveSection(z);
    }
  }

 private:
  using V = hn::Vec<Lanes<kLanes>>;

  int stateRows() const { return tile_.y1 - tile_.y0 + window_ - 1; }

  void findRuns(int z) {
    runs_.clear();
    for (int y = tile_.y0; y < tile_.y1; y++) {
      if (job_.mask->lanes(z, y, tile_.x0, kLanes) == 0) continue;
      if (!runs_.empty() && y - runs_.back().end <= kJoinGap) {
        runs_.back().end = y + 1;
      } else {
        runs_.push_back({y, y + 1});
      }
    }
  }

  // Copies voxels x0 - h ... x0 + lanes + h - 1 of a row. Windows lie within the box; rows, sections and lanes outside
  // it belong to no window and read as 0.
  void copyWindowRow(const HalfMap& half, int z, int y, float* HWY_RESTRICT to) const {
    const Shape& shape = job_.shape;
    const int x = tile_.x0 - half_, length = kLanes + window_;
    const bool outside = z < 0 || z >= shape.z || y < 0 || y >= shape.y;
    const int from = std::max(x, 0), end = outside ? from : std::min(x + length, shape.x);
    if (end - from < length) std::fill_n(to, static_cast<unsigned>(length), 0.0f);
    if (end <= from) return;
    const float* row = half.voxels + (static_cast<size_t>(z) * shape.y + y) * shape.x;
    std::memcpy(to + (from - x), row + from, sizeof(float) * static_cast<size_t>(end - from));
  }

  // Lane stage of what enters the windows of section z less what leaves them. State row j is map row y0 - h + j.
  void exchangeSections(int map, int z) {
    const Lanes<kLanes> d;
    float* HWY_RESTRICT in = work_.entering.get();
    float* HWY_RESTRICT out = work_.leaving.get();
    for (int j = 0; j < stateRows(); j++) {
      const int y = tile_.y0 - half_ + j;
      copyWindowRow(job_.halves[map], z + half_ - 1, y, in);
      if (z > tile_.z0) {
        copyWindowRow(job_.halves[map], z - half_ - 1, y, out);
        for (size_t i = 0; i < work_.rowLength; i += kLanes) {
          hn::Store(hn::Sub(hn::Load(d, in + i), hn::Load(d, out + i)), d, in + i);
        }
      }
      laneStage(in + half_, job_.halves[map].laneTables.data(),
                work_.lane[map].get() + static_cast<size_t>(j) * 2 * kLanes);
    }
  }

  // A[kx] of one row for all kx; `centre` is the first lane's own voxel.
  void laneStage(const float* HWY_RESTRICT centre, const float* HWY_RESTRICT tables, float* HWY_RESTRICT to) {
    const Lanes<kLanes> d;
    const size_t tableStride = 2 * static_cast<size_t>(half_);
    const auto pass = [&](int k, auto frequencies) HWY_ATTR {
      constexpr int kCount = decltype(frequencies)::value;
      V re[kCount], im[kCount];
      LOCSCALE_UNROLL(4)
      for (int j = 0; j < kCount; j++) {
        re[j] = hn::Mul(hn::LoadU(d, centre), hn::Set(d, tables[(k + j) * tableStride]));
        im[j] = hn::Zero(d);
      }
      for (int m = 1; m < half_; m++) {
        const auto a = hn::LoadU(d, centre + m), b = hn::LoadU(d, centre - m);
        const auto even = hn::Add(a, b), odd = hn::Sub(a, b);
        LOCSCALE_UNROLL(4)
        for (int j = 0; j < kCount; j++) {
          const float* table = tables + (k + j) * tableStride + 2 * static_cast<size_t>(m);
          re[j] = hn::MulAdd(even, hn::Set(d, table[0]), re[j]);
          im[j] = hn::NegMulAdd(odd, hn::Set(d, table[1]), im[j]);
        }
      }
      LOCSCALE_UNROLL(4)
      for (int j = 0; j < kCount; j++) {
        hn::Store(re[j], d, to + (k + j) * work_.lineStride);
        hn::Store(im[j], d, to + (k + j) * work_.lineStride + kLanes);
      }
    };
    int k = 0;
    for (; k + 4 <= half_; k += 4) pass(k, std::integral_constant<int, 4>());
    for (; k < half_; k++) pass(k, std::integral_constant<int, 1>());
  }

  // Outer stage of one group of lines: P += A W^(kz z).
  void moveStates(const LaneGroup& group, size_t state, int z) {
    const Lanes<kLanes> d;
    const int rows = stateRows();
    for (int map = 0; map < 2; map++) {
      const float* HWY_RESTRICT lane = work_.lane[map].get() + static_cast<size_t>(group.lane) * work_.lineStride;
      for (int i = 0; i < group.states(); i++) {
        float* HWY_RESTRICT to = work_.state[map].get() + state + static_cast<size_t>(i) * work_.lineStride;
        const float* phase = plan_.phase(group.firstOuter() + i, z + half_ - 1);
        const auto c = hn::Set(d, phase[0]), s = hn::Set(d, phase[1]);
        for (int j = 0; j < rows; j++) {
          const size_t at = static_cast<size_t>(j) * 2 * kLanes;
          const auto ar = hn::Load(d, lane + at), ai = hn::Load(d, lane + at + kLanes);
          __builtin_prefetch(to + at + work_.lineStride, 1, 3);
          hn::Store(hn::MulAdd(ai, s, hn::MulAdd(ar, c, hn::Load(d, to + at))), d, to + at);
          const auto im = hn::Load(d, to + at + kLanes);
          hn::Store(hn::NegMulAdd(ar, s, hn::MulAdd(ai, c, im)), d, to + at + kLanes);
        }
      }
    }
  }

  // T of a run's rows from the states of kz and its neighbours.
  void taperLine(int map, size_t state, int z, const Span& run) {
    const Lanes<kLanes> d;
    const float* phase = plan_.phase(1, z);
    const auto c = hn::Set(d, 0.5f * phase[0]), s = hn::Set(d, 0.5f * phase[1]);
    const float* HWY_RESTRICT own = work_.state[map].get() + state;
    const float* HWY_RESTRICT below = own - work_.lineStride;
    const float* HWY_RESTRICT above = own + work_.lineStride;
    float* HWY_RESTRICT to = work_.tapered[map].get();
    const int first = run.first - tile_.y0;
    for (int j = first; j < run.end - tile_.y0 + window_ - 1; j++) {
      const size_t at = static_cast<size_t>(j) * 2 * kLanes;
      const auto br = hn::Load(d, below + at), bi = hn::Load(d, below + at + kLanes);
      const auto ar = hn::Load(d, above + at), ai = hn::Load(d, above + at + kLanes);
      const auto re = hn::MulAdd(c, hn::Add(br, ar), hn::Load(d, own + at));
      const auto im = hn::MulAdd(c, hn::Add(bi, ai), hn::Load(d, own + at + kLanes));
      hn::Store(hn::MulAdd(s, hn::Sub(bi, ai), re), d, to + at);
      hn::Store(hn::MulAdd(s, hn::Sub(ar, br), im), d, to + at + kLanes);
    }
  }

  // Inner stage of one line over the section's runs.
  void slideLine(const FrequencyLine& line, size_t state, int z) {
    const int blocks = (line.innerCount + kMostCount - 1) / kMostCount;
    const auto blockOf = [&](int b) {
      const int first = line.innerCount * b / blocks, end = line.innerCount * (b + 1) / blocks;
      return FrequencyBlock{line.firstInner + first, end - first, line.shells.data() + first};
    };
    for (const Span& run : runs_) {
      const int first = run.first - tile_.y0, rows = run.end - run.first;
      const size_t firstRow = static_cast<size_t>(first) * 2 * kLanes;
      for (int map = 0; map < 2; map++) {
        taperLine(map, state, z, run);
        foldWindow<kLanes>(work_.tapered[map].get() + firstRow, half_, work_.folded.get());
        for (int b = 0; b < blocks; b++) {
          const FrequencyBlock block = blockOf(b);
          blockFunctions<kLanes>(block.count)
              .start(plan_, block.first, work_.folded.get(), work_.blockStates[map].get() + b * work_.blockStride);
        }
      }
      for (int done = 0; done < rows; done += kChunkRows) {
        for (int b = 0; b < blocks; b++) {
          const FrequencyBlock block = blockOf(b);
          const BlockFunctions functions = blockFunctions<kLanes>(block.count);
          for (int map = 0; map < 2; map++) {
            const SlideChunk chunk{work_.tapered[map].get() + firstRow + static_cast<size_t>(done) * 2 * kLanes,
                                   std::min(kChunkRows, rows - done),
                                   work_.blockStates[map].get() + b * work_.blockStride,
                                   work_.transforms.get(),
                                   work_.sums.get() + static_cast<size_t>(first + done) * 3 * kLanes,
                                   work_.shellStride,
                                   block.shells};
            functions.slide[map](plan_, block.first, chunk);
          }
        }
      }
    }
  }

  // From the sums of the shells to the FSC and its crossing, at the section's mask voxels.
  void resolveSection(int z) {
    for (const Span& run : runs_) {
      for (int y = run.first; y < run.end; y++) {
        const uint32_t lanes = job_.mask->lanes(z, y, tile_.x0, kLanes);
        if (lanes != 0) resolveRow(z, y, lanes);
      }
    }
  }

  void resolveRow(int z, int y, uint32_t lanes) {
    const Lanes<kLanes> d;
    alignas(64) float fsc[kMostShells][kLanes];
    alignas(64) float power[2][kLanes];
    V power1 = hn::Zero(d), power2 = hn::Zero(d);
    const float* sum = work_.sums.get() + static_cast<size_t>(y - tile_.y0) * 3 * kLanes;
    for (int r = 0; r < half_; r++, sum += work_.shellStride) {
      const auto p1 = hn::Load(d, sum + kLanes), p2 = hn::Load(d, sum + 2 * kLanes);
      // The product of two powers could leave the range of float32, that of their roots cannot.
      const auto amplitudes = hn::Mul(hn::Sqrt(p1), hn::Sqrt(p2));
      const auto correlation = hn::Div(hn::Load(d, sum), amplitudes);
      hn::Store(hn::IfThenElseZero(hn::Gt(amplitudes, hn::Zero(d)), correlation), d, fsc[r]);
      power1 = hn::Add(power1, p1);
      power2 = hn::Add(power2, p2);
    }
    hn::Store(power1, d, power[0]);
    hn::Store(power2, d, power[1]);
    const size_t row = static_cast<size_t>(z) * job_.shape.y + y;
    for (int lane = 0; lane < kLanes; lane++) {
      if (((lanes >> lane) & 1) == 0) continue;
      std::array<float, kMostShells> curve;
      for (int r = 0; r < half_; r++) curve[r] = fsc[r][lane];
      resolveVoxel(row, tile_.x0 + lane, curve, std::min(power[0][lane], power[1][lane]));
    }
  }

  void resolveVoxel(size_t row, int x, const std::array<float, kMostShells>& curve, double power) {
    const size_t voxel = row * job_.shape.x + x;
    if (job_.curves != nullptr) {
      const auto& voxels = *job_.curveVoxels;
      const auto order = std::lower_bound(voxels.begin(), voxels.end(), voxel) - voxels.begin();
      std::copy_n(curve.data(), half_, job_.curves + static_cast<size_t>(order) * half_);
    }
    if (power > job_.emptyPower) {
      job_.resolution[voxel] = static_cast<float>(job_.rule.find(std::span(curve).first(half_), kFirstShell));
    }
  }

  const FscJob& job_;
  const FscPlan& plan_;
  const Tile& tile_;
  Workspace<kLanes>& work_;
  const int window_, half_;
  std::vector<Span> runs_;
};
