#pragma once

#include <cmath>

namespace locscale::pseudo {

/**
 * What two atoms a distance r apart feel. Beyond the preferred distance d it is LocScale's Lennard-Jones potential,
 * (d/r)^12 - 2 (d/r)^6, brought smoothly to 0 at 3 d. Below d that one gives way to the pull of a steep map, so here a
 * spring takes its place, as stiff at d as the potential is, and a wall is added, which begins a little outside d so
 * that atoms which are pressed against each other come to rest at d.
 */
class PairPotential {
 public:
  static constexpr double kReach = 3;        ///< in units of d
  static constexpr double kWallFrom = 1.05;  ///< in units of d

  explicit PairPotential(double distance)
      : square_(distance * distance), reachSquare_(kReach * kReach * square_), wall_(kWallFrom * distance) {
    const Value far = lennardJones(reachSquare_);
    farPull_ = far.pull;
    farEnergy_ = far.energy;
  }

  double distance() const noexcept { return wall_ / kWallFrom; }
  double reach() const noexcept { return kReach * distance(); }

  struct Value {
    double energy = 0;
    double pull = 0;  ///< change of the energy with the distance, over the distance
  };

  /** At the squared distance, which is above 0 and at most the square of `reach()`. */
  Value at(double square) const noexcept {
    Value v{-1, 0};
    if (square >= square_) v = lennardJones(square);
    v.energy -= farEnergy_ + 0.5 * farPull_ * (square - reachSquare_);
    v.pull -= farPull_;
    if (square < wall_ * wall_) press(v, std::sqrt(square));
    return v;
  }

 private:
  static constexpr double kCurvature = 72;  ///< of the Lennard-Jones potential at d, times d^2
  static constexpr double kWall = 4000;     ///< stiffness of the wall, times d^2

  Value lennardJones(double square) const noexcept {
    const double over = 1 / square, q2 = square_ * over, q6 = q2 * q2 * q2;
    return {q6 * q6 - 2 * q6, -12 * (q6 * q6 - q6) * over};
  }

  void press(Value& v, double r) const noexcept {
    const auto spring = [&](double stiffness, double pressed) {
      const double force = stiffness / square_ * pressed;
      v.energy += 0.5 * force * pressed;
      v.pull -= force / r;
    };
    spring(kWall, wall_ - r);
    if (r * r < square_) spring(kCurvature, distance() - r);
  }

  double square_, reachSquare_, wall_;
  double farPull_ = 0, farEnergy_ = 0;
};

}  // namespace locscale::pseudo
