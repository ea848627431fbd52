#pragma once

#include <limits>
#include <vector>

namespace locscale::pseudo {

/** Where the atoms stood after one iteration; the first entry is the start. */
struct Moment {
  double energy = std::numeric_limits<double>::quiet_NaN();  ///< without one for stepping that has none
  double meanStep = 0;                                       ///< voxels
  double closeContacts = 0;    ///< atoms with a neighbour nearer than the preferred distance
  double medianNeighbour = 0;  ///< median distance to the nearest neighbour, voxels
  double inside = 0;           ///< atoms in the mask
  double meanMap = 0;          ///< map at the atoms
};

/** What became of the atoms. */
struct Course {
  std::vector<Moment> history;
  bool settled = false;
};

}  // namespace locscale::pseudo
