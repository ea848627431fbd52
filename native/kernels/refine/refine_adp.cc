#include "kernels/refine/refine_adp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/refine/cells.h"
#include "kernels/refine/local_b.h"
#include "kernels/refine/minimise.h"
#include "kernels/refine/overall_b.h"
#include "kernels/refine/work_grid.h"

namespace locscale::refine {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/** Weights of the restraints that are tried: downwards from 0.3 while that does no harm, else upwards while it helps.
 */
constexpr double kLambdas[] = {0.1, 0.3, 1, 3, 10};
constexpr int kFirstLambda = 1;
/** Part of what refinement gains in FSC with the half map held back that looser restraints may cost. */
constexpr double kCost = 0.015;
/** Most evaluations of the function: alone, in the first trial, from another weight's result on. */
constexpr int kMostAlone = 30, kMostFirst = 40, kMostNext = 20, kMostLast = 40, kMostTrend = 30;
/**
 * Means of ln B over this radius, angstrom, are the trend that the last restraints follow; found with this part of
 * their weight, for what restraints flatten of it no later step gives back whole, but with no less than the least that
 * is tried: real models have atoms that nothing else holds.
 */
constexpr double kTrendRadius = 10, kTrendWeight = 0.3;

/** The atoms that are refined, as columns of their own; those at a face of the box moved to where the grid has them. */
struct Chosen {
  std::vector<std::uint32_t> rows;
  std::vector<double> positions;
  std::vector<std::uint8_t> elements, pseudo;
  std::vector<float> occupancies, b;
  std::size_t outside = 0;

  model::Atoms atoms() const { return {positions, elements, b, occupancies}; }
};

bool inside(const double* position, const model::Box& box) {
  const auto edges = box.edges();
  for (int i = 0; i < 3; ++i) {
    const double at = (position[i] - box.origin[i]) / box.voxelSize[i];
    if (!(at >= -0.5 && at < edges[i] - 0.5)) return false;
  }
  return true;
}

/** Neighbours one after the other: what one atom reads of the grid is in the cache for the next. */
void orderByPlace(std::vector<std::uint32_t>& rows, const model::Atoms& atoms) {
  constexpr double kCube = 8;
  const auto cube = [&](std::uint32_t row) {
    const double* p = &atoms.positions[3 * row];
    return std::array{std::floor(p[2] / kCube), std::floor(p[1] / kCube), std::floor(p[0] / kCube)};
  };
  std::stable_sort(rows.begin(), rows.end(), [&](auto a, auto b) { return cube(a) < cube(b); });
}

Chosen choose(const Refinement& input) {
  constexpr int kHydrogen = 1;
  const model::Atoms& atoms = input.atoms;
  Chosen chosen;
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    if (!inside(&atoms.positions[3 * i], input.box)) {
      ++chosen.outside;
    } else if (atoms.elements[i] != kHydrogen && atoms.occupancies[i] > 0) {
      chosen.rows.push_back(i);
    }
  }
  if (chosen.rows.empty()) {
    fail(
        "input.model", "None of the ", atoms.size(),
        " atoms can be refined: hydrogens, atoms without occupancy and atoms outside the box of the map do not count; ",
        "give the model that was built into this map.");
  }
  orderByPlace(chosen.rows, atoms);
  for (const std::uint32_t i : chosen.rows) {
    const double* position = &atoms.positions[3 * i];
    chosen.positions.insert(chosen.positions.end(), position, position + 3);
    chosen.elements.push_back(atoms.elements[i]);
    chosen.occupancies.push_back(atoms.occupancies[i]);
    if (!input.pseudo.empty()) chosen.pseudo.push_back(input.pseudo[i]);
  }
  chosen.b.assign(chosen.rows.size(), static_cast<float>(input.startB));
  return chosen;
}

/** An atom within half a voxel of the map beyond a face may lie further out, counted in other voxels. */
void wrapOnto(const model::Box& box, std::vector<double>& positions) {
  const auto edges = box.edges();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const int axis = static_cast<int>(i % 3);
    const double size = box.voxelSize[axis];
    const double at = (positions[i] - box.origin[axis]) / size;
    if (at >= edges[axis] - 0.5) positions[i] -= edges[axis] * size;
    if (at < -0.5) positions[i] += edges[axis] * size;
  }
}

Coefficients mean(Coefficients& first, Coefficients& second, std::size_t count) {
  Coefficients result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = 0.5F * (first[i] + second[i]);
  return result;
}

/** Gives atoms that were not refined the mean B of refined ones within 4 angstrom, or of all. */
void fillUnrefined(const Refinement& input, const Chosen& chosen, Refined& result) {
  double mean = 0;
  for (const std::uint32_t row : chosen.rows) mean += result.b[row];
  mean /= static_cast<double>(chosen.rows.size());
  constexpr double kNear = 4;
  const Cells cells(chosen.positions, kNear);
  for (std::size_t i = 0; i < result.b.size(); ++i) {
    if (result.refined[i] != 0) continue;
    double sum = 0;
    int count = 0;
    cells.forNear(&input.atoms.positions[3 * i], [&](std::uint32_t j, double) {
      sum += result.b[chosen.rows[j]];
      ++count;
    });
    result.b[i] = static_cast<float>(count > 0 ? sum / count : mean);
  }
}

/**
 * The least weight whose FSC with the half map held back is nearly the best: near the best it hardly tells weights
 * apart, and the noise that looser restraints let through goes away in means.
 */
std::size_t loosest(const std::vector<Trial>& trials, double before) {
  double most = before;
  for (const Trial& trial : trials) most = std::max(most, trial.fscFree);
  std::size_t chosen = 0;
  bool any = false;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const bool near = trials[i].fscFree >= most - kCost * (most - before);
    if (near && (!any || trials[i].lambda < trials[chosen].lambda)) chosen = i;
    any = any || near;
  }
  return chosen;
}

/** Slow differences of u: means over spheres. */
std::vector<double> trendOf(std::span<const double> positions, const std::vector<double>& u, int threads) {
  const std::vector<float> narrow(u.begin(), u.end());
  const auto means = averageB(positions, narrow, kTrendRadius, threads, Control());
  return {means.begin(), means.end()};
}

/** Counts the work, so that progress neither stalls nor passes the end when a stage needs less than it may. */
class Plan {
 public:
  Plan(const Control& control, std::int32_t unit, int evaluations) : control_(control), unit_(unit) {
    control.setTotal(unit * evaluations);
  }
  void finish(int planned, int used) const {
    if (planned > used) control_.advance(unit_ * (planned - used));
  }

 private:
  const Control& control_;
  std::int32_t unit_;
};

}  // namespace

Refined refineAdp(const Refinement& input, int threads, const Control& control,
                  const std::function<void(const StageCycle&)>& report) {
  Chosen chosen = choose(input);
  // Short of the map's own Nyquist frequency, whose coefficients stand for two.
  const double dMin =
      std::max(input.dMin, 2.01 * *std::max_element(input.box.voxelSize.begin(), input.box.voxelSize.end()));
  const WorkGrid grid = chooseWorkGrid(chosen.atoms(), input.box, dMin);
  Restraints restraints(chosen.atoms(), chosen.pseudo);
  std::vector<double> positions = chosen.positions;
  wrapOnto(grid.box, positions);
  const model::Atoms atoms{positions, chosen.elements, chosen.b, chosen.occupancies};
  Target target(atoms, grid.box, dMin, threads, control);
  const Shells& shells = target.shells();

  const bool halves = !input.half2.empty();
  constexpr int kTrials = 3, kOverall = 3;
  const int planned =
      halves ? kOverall + kMostFirst + (input.lambda ? 0 : (kTrials - 1) * kMostNext) + kMostLast + kMostTrend
             : kOverall + kMostAlone + kMostTrend;
  const Plan plan(control, target.units(), planned);
  Coefficients first = observe(input.map, input.mask, grid, threads, Control()), second;
  Observed all;
  const std::size_t coefficients = grid.box.shape.halfSpectrum();
  if (halves) {
    second = observe(input.half2, input.mask, grid, threads, Control());
    all = target.prepared(mean(first, second, coefficients), {});
  } else {
    all = target.prepared(std::move(first), {});
  }

  Refined result;
  const double overall = overallB(target, all, chosen.b);
  std::vector<double> u(chosen.rows.size(), std::log(overall));
  const std::vector<double> start = u;
  plan.finish(kOverall, 0);
  result.lambda = input.lambda.value_or(kDefaultLambda);
  result.fscWorkBefore = result.fscFreeBefore = kNone;
  int stage = 0;
  const auto teller = [&](bool final, double lambda) {
    return [&report, &stage, final, lambda](const Cycle& cycle) {
      report({stage, final, lambda, cycle.evaluation, cycle.value, cycle.fscWork, cycle.fscFree});
    };
  };
  if (halves) {
    Observed held = target.prepared(std::move(first), std::move(second));
    std::vector<std::vector<double>> found;
    const auto attempt = [&](double lambda, std::vector<double> from, int most) {
      const Minimised minimum = minimise(target, restraints, held, lambda, from, most, teller(false, lambda));
      plan.finish(most, minimum.evaluations);
      result.evaluations += minimum.evaluations;
      if (stage++ == 0) {
        result.fscWorkBefore = average(shells, workFsc(minimum.before, held.power));
        result.fscFreeBefore = average(shells, freeFsc(minimum.before, held.freePower));
      }
      result.trials.push_back({lambda, average(shells, workFsc(minimum.after, held.power)),
                               average(shells, freeFsc(minimum.after, held.freePower))});
      found.push_back(std::move(from));
    };
    if (input.lambda) {
      attempt(*input.lambda, u, kMostFirst);
    } else {
      attempt(kLambdas[kFirstLambda], u, kMostFirst);
      const std::vector<double> first = found.front();
      const auto chosenIs = [&](int index) {
        return result.trials[loosest(result.trials, result.fscFreeBefore)].lambda == kLambdas[index];
      };
      int at = kFirstLambda;
      while (at > 0 && chosenIs(at)) attempt(kLambdas[--at], found.back(), kMostNext);
      const int last = static_cast<int>(std::size(kLambdas)) - 1;
      if (chosenIs(kFirstLambda)) {
        for (at = kFirstLambda; at < last && chosenIs(at); at++) {
          attempt(kLambdas[at + 1], at == kFirstLambda ? first : found.back(), kMostNext);
        }
      }
    }
    const std::size_t best = loosest(result.trials, result.fscFreeBefore);
    result.lambda = result.trials[best].lambda;
    u = found[best];
  }

  // The end: all data, from the best of the trials on.
  const int most = halves ? kMostLast : kMostAlone;
  const auto before = target.sums(all, bFactors(start));
  const double loose = std::min(result.lambda, std::max(kTrendWeight * result.lambda, kLambdas[0]));
  const Minimised settled = minimise(target, restraints, all, loose, u, most, teller(true, loose));
  plan.finish(most, settled.evaluations);
  // Restraints flatten slow differences of B. Those that were found all the same are held against nobody any more.
  restraints.follow(trendOf(chosen.positions, u, threads));
  const Minimised found = minimise(target, restraints, all, result.lambda, u, kMostTrend, teller(true, result.lambda));
  plan.finish(kMostTrend, found.evaluations);
  result.evaluations += settled.evaluations + found.evaluations + 1;

  result.shells = {{},
                   shells.counts(),
                   workFsc(before, all.power),
                   workFsc(found.after, all.power),
                   found.model.scale,
                   found.model.variance};
  for (const double square : shells.meanSquares()) result.shells.frequency.push_back(std::sqrt(square));
  result.fscBefore = average(shells, result.shells.fscBefore);
  result.fsc = average(shells, result.shells.fsc);
  const auto b = bFactors(u);
  result.b.assign(input.atoms.size(), 0);
  result.refined.assign(input.atoms.size(), 0);
  for (std::size_t i = 0; i < chosen.rows.size(); ++i) {
    result.b[chosen.rows[i]] = b[i];
    result.refined[chosen.rows[i]] = 1;
    result.atLeast += u[i] <= std::log(kLeastB) ? 1 : 0;
    result.atMost += u[i] >= std::log(kLargestB) ? 1 : 0;
  }
  result.outside = chosen.outside;
  fillUnrefined(input, chosen, result);
  return result;
}

}  // namespace locscale::refine
