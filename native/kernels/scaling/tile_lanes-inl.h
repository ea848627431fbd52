// Voxels that a tile is wide (no include guard: compiled per target). Some processors work fastest on half of their
// widest vector; `tileLanes` says which of the two holds here.

#if HWY_TARGET == HWY_AVX3
constexpr int kWideLanes = 16;
constexpr int kNarrowLanes = 8;
#elif HWY_TARGET == HWY_AVX2
constexpr int kWideLanes = 8;
constexpr int kNarrowLanes = 8;
#elif HWY_TARGET == HWY_SCALAR
constexpr int kWideLanes = 1;
constexpr int kNarrowLanes = 1;
#else
constexpr int kWideLanes = 4;
constexpr int kNarrowLanes = 4;
#endif
