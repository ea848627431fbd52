"""The model card, from what training and evaluation have left."""

import pathlib

from .evaluate import QUANTILES, SMALL_CC, SMALL_FSC

TEMPLATE = pathlib.Path(__file__).with_name("card.md.in")

NAMES = {
    "cc_input": "correlation, map as it came",
    "cc_global": "correlation, sharpened by one B factor",
    "cc_best_b": "correlation, by the best of seven B factors (known only with the truth)",
    "cc_plain": "correlation, emmernet-sim without dropout",
    "cc_fem": "**correlation, emmernet-sim, mean of 15 passes**",
    "fsc_input": "FSC = 0.5 (Å), map as it came",
    "fsc_global": "FSC = 0.5 (Å), sharpened by one B factor",
    "fsc_plain": "FSC = 0.5 (Å), emmernet-sim without dropout",
    "fsc_fem": "**FSC = 0.5 (Å), emmernet-sim, mean of 15 passes**",
    "half_map_resolution": "FSC = 0.143 of the half maps (Å)",
}
GAINS = {
    "cc_input": "correlation higher than that of the map as it came",
    "cc_global": "correlation higher than after sharpening by one B factor",
    "cc_best_b": "correlation higher than with the best of seven B factors",
    "fsc_input": "FSC = 0.5 at a higher resolution than the map as it came (gain in Å)",
    "fsc_global": "FSC = 0.5 at a higher resolution than after sharpening by one B factor (gain in Å)",
}


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def volume(training, machine):
    cubes = training["step"] * training["batch"]
    share = cubes / max(training["cubes"], 1)
    where = f" on {machine}" if machine else ""
    return (
        f"{training['step']} steps of {training['batch']} cubes, {cubes:,} cubes in all: each of "
        f"{training['cubes']:,} different ones {share:.1f} times, in another rotation each time. "
        f"{training['seconds'] / 60:.0f} minutes of wall time"
        f"{where}. Seed {training['seed']}."
    )


#: The aims, in percent: the part of the cases that become better, and how far coverage may be from nominal.
ENOUGH, NEAR = 95.0, 3.0


def goals(summary):
    """What of the aims is reached, and what is not."""
    asked = ("cc_input", "cc_global", "fsc_input", "fsc_global")
    short = [f"{GAINS[key]}: {part} %" for key in asked if (part := summary["better_percent"][key]) < ENOUGH]
    better = f"Better in at least {ENOUGH:.0f} % of the cases is the aim"
    better += (
        f". **Not reached**: {'; '.join(short)}."
        if short
        else ", and is reached against the map and against one B factor."
    )
    apart = [f"{level} % ({seen} %)" for level, seen in summary["coverage"].items() if abs(seen - float(level)) > NEAR]
    near = f"Coverage within {NEAR:.0f} points of nominal is the aim"
    return f"{better} {near}" + (f". **Not reached** at {' and '.join(apart)}." if apart else ", and is reached.")


def card(evaluation, trained, parameters, machine, history="", remarks=""):
    summary = evaluation["summary"]
    quantiles = ["least", *(f"{round(100 * q)} %" for q in QUANTILES[1:-1]), "most"]
    distribution = table(
        ["", *quantiles],
        [[name, *summary["distribution"][key]] for key, name in NAMES.items() if key in summary["distribution"]],
    )
    better, worse = summary["better_percent"], summary["clearly_worse_percent"]
    gains = table(
        ["", "of the cases", "clearly worse", *quantiles],
        [[name, f"{better[key]} %", f"{worse[key]} %", *summary["gain_over"][key]] for key, name in GAINS.items()],
    )
    coverage = table(
        ["nominal", *(f"{level} %" for level in summary["coverage"])], [["seen", *summary["coverage"].values()]]
    )
    kinds = {}
    for entry in trained:
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    parts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda item: -item[1]))
    ninety = [row["coverage"]["90"] for row in evaluation["cases"]]
    return TEMPLATE.read_text().format(
        parameters=f"{parameters:,}",
        trained=len(trained),
        parts=parts,
        volume=volume(evaluation["training"], machine),
        history=f" {history}" if history else "",
        remarks=f" {remarks}" if remarks else "",
        goals=goals(summary),
        cases=summary["cases"],
        models=len(summary["models"]),
        distribution=distribution,
        gains=gains,
        small_cc=SMALL_CC,
        small_fsc=f"{100 * SMALL_FSC:.0f} %",
        coverage=coverage,
        calibration_cases=summary["calibration_cases"],
        calibration_models=len(summary["calibration_models"]),
        least90=min(ninety),
        most90=max(ninety),
        test_list=", ".join(summary["models"]),
        calibration_list=", ".join(summary["calibration_models"]),
    )
