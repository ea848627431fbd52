#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernels/threads.h"

namespace locscale::pseudo {

/** Atoms that one thread takes at a time; sums are kept for each block, so they do not depend on the threads. */
constexpr std::size_t kBlock = 256;

/** Calls `body(atom)` for every atom. */
template <typename Body>
void overAtoms(std::size_t atoms, int threads, Body&& body) {
  parallelFor((atoms + kBlock - 1) / kBlock, threads, [&](std::size_t block, std::size_t) {
    for (std::size_t i = block * kBlock; i < std::min(atoms, (block + 1) * kBlock); ++i) body(i);
  });
}

/** Sum of `term(atom)` over every atom, the same for any number of threads. */
template <typename Term>
double sumOverAtoms(std::size_t atoms, int threads, Term&& term) {
  const std::size_t blocks = (atoms + kBlock - 1) / kBlock;
  std::vector<double> sums(blocks);
  parallelFor(blocks, threads, [&](std::size_t block, std::size_t) {
    double sum = 0;
    for (std::size_t i = block * kBlock; i < std::min(atoms, (block + 1) * kBlock); ++i) sum += term(i);
    sums[block] = sum;
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace locscale::pseudo
