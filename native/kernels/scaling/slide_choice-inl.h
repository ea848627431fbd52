// Which kernel slides a block of frequencies (no include guard: compiled per target).

template <int kLanes, bool kFromZero>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  switch (block.relatives) {
    case Relatives::kNone:
      return chooseSlideBlock<kLanes, kFromZero>(block.count, block.pattern);
    case Relatives::kMirrored:
      return chooseSlideMirrored<kLanes, kFromZero>(block.count, block.pattern);
    case Relatives::kTurned:
      return chooseSlideTurned<kLanes, kFromZero>(block.count, block.pattern);
  }
  return nullptr;
}

/// The inner stage of one block of frequencies.
template <int kLanes>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  return block.firstFrequency == 0 ? chooseSlide<kLanes, true>(block) : chooseSlide<kLanes, false>(block);
}
