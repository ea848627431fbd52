// What every file that is compiled once for each instruction set needs before <hwy/foreach_target.h>.
#pragma once

// Targets that would only repeat another one for our float-only code are left out to halve the compile time; sizeless
// vector targets (SVE, RISC-V) cannot hold accumulators in arrays. All files must agree: tiles cut for one are worked
// on by another.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#define LOCSCALE_PRAGMA(x) _Pragma(#x)
#if defined(__clang__)
#define LOCSCALE_UNROLL(n) LOCSCALE_PRAGMA(clang loop unroll(full))
#else
#define LOCSCALE_UNROLL(n) LOCSCALE_PRAGMA(GCC unroll n)
#endif
