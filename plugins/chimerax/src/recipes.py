"""Which recipe of the daemon a command means, and what its inputs and parameters are called (docs/protocol.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from .client.volumes import MapSource, ModelSource

Source = MapSource | ModelSource
MODES = ("auto", "model", "hybrid", "free", "pseudo", "none")
RECIPE_OF_MODE = {
    "reference": "reference-map",
    "model": "model-based",
    "hybrid": "hybrid",
    "free": "model-free",
    "pseudo": "pseudo-model",
    "none": "no-reference",
}
UNUSED = {"model-free": ("resolution",), "no-reference": ("symmetry",)}
"""Options of the command that a recipe has no use for."""
RESULT_ORDER = ("cleaned", "enhanced", "fem", "sharpened", "baseline")
"""Outputs that are a density map to look at; the first that a job has is the one that goes in place."""
CONFIDENCE_OUTPUTS = ("confidence", "pvddt")
CONTEXT_OUTPUTS = ("context", "probability")


@dataclass(frozen=True)
class Request:
    """A job as the daemon is asked for it, apart from the ids that its inputs get once they are there."""

    recipe: str
    inputs: dict[str, Source | list[Source]]
    parameters: dict = field(default_factory=dict)


def mode_of(mode: str, has_model: bool, has_reference: bool) -> str:
    """What `auto` means for what was given; raises ValueError with a sentence when mode and inputs contradict."""
    if has_model and has_reference:
        raise ValueError("Both a model and a reference map were given; give one of them.")
    if has_reference:
        if mode not in ("auto", "model"):
            raise ValueError(f"A reference map was given, which mode {mode} does not use; leave out one of the two.")
        return "reference"
    if mode == "auto":
        return "model" if has_model else "free"
    if mode in ("model", "hybrid") and not has_model:
        raise ValueError(f"Mode {mode} needs an atomic model; add it: model #2")
    if mode in ("free", "pseudo", "none") and has_model:
        raise ValueError(
            f"A model was given, which mode {mode} does not use; leave it out, or use mode model or hybrid."
        )
    return mode


def first_of(outputs: dict, names: tuple[str, ...]) -> str | None:
    """The first of these names that is among a job's outputs."""
    return next((name for name in names if name in outputs), None)
