// Which kernel slides a block of frequencies (no include guard: compiled per target).

template <int kLanes, bool kFromZero, RootAccuracy kAccuracy>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  constexpr bool kExact = kAccuracy == RootAccuracy::kExact;
  switch (block.relatives) {
    case Relatives::kNone:
      return chooseSlideBlock<kLanes, kFromZero, kExact>(block.count, block.pattern);
    case Relatives::kMirrored:
      return chooseSlideMirrored<kLanes, kFromZero, kExact>(block.count, block.pattern);
    case Relatives::kTurned:
      return chooseSlideTurned<kLanes, kFromZero, kAccuracy>(block.count, block.pattern);
  }
  return nullptr;
}

template <int kLanes, RootAccuracy kAccuracy>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  return block.firstFrequency == 0 ? chooseSlide<kLanes, true, kAccuracy>(block)
                                   : chooseSlide<kLanes, false, kAccuracy>(block);
}

/// The inner stage of one block of frequencies. Without fine estimates every root is exact.
template <int kLanes>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  if constexpr (kFineEstimates) {
    if (block.accuracy == RootAccuracy::kEstimated) return chooseSlide<kLanes, RootAccuracy::kEstimated>(block);
    if (block.accuracy == RootAccuracy::kExactLow) return chooseSlide<kLanes, RootAccuracy::kExactLow>(block);
  }
  return chooseSlide<kLanes, RootAccuracy::kExact>(block);
}
