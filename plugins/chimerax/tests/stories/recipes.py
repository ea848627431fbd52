"""All modes, with and without a model."""

import time

import numpy
from chimerax.locscale.results import results_of

from stage import array_of, hub, numbered, numbers, open_helices, picture, refused, run, session


def modes(*chosen):
    volume = open_helices()
    before, results_so_far = array_of(volume), []
    for words in chosen:
        started = time.monotonic()
        run(f"locscale sharpen #2 mask #3 {words} wait true")
        job = hub.jobs[max(hub.jobs)]
        after = array_of(volume)
        assert job.state == "done" and numpy.isfinite(after).all() and not numpy.array_equal(after, before), words
        for other in results_so_far:
            assert not numpy.array_equal(after, other), words
        # Density stays where it was: what is sharpened looks like the map.
        inside = array_of(numbered(3)) > 0.5
        likeness = numpy.corrcoef(after[inside], before[inside])[0, 1]
        assert likeness > 0.5, (words, likeness)
        numbers[f"s, {words.split('wait')[0].strip()}"] = round(time.monotonic() - started, 1)
        results_so_far.append(after)
        run("undo")
        assert numpy.array_equal(array_of(volume), before)


def test_modes_with_a_model():
    modes("resolution 4 model #1", "mode model resolution 4 model #1 window 16", "mode hybrid resolution 4 model #4")


def test_modes_without_a_model():
    modes("mode none resolution 4", "mode pseudo resolution 4")
    assert "does not use" in refused("locscale sharpen #2 mask #3 mode none symmetry C2")


def test_modes_by_a_network():
    modes("mode free")
    run("close session")
    volume = open_helices()
    assert "needs an atomic model" in refused("locscale sharpen #2 mode hybrid")
    assert "does not use" in refused("locscale sharpen #2 mask #3 resolution 4")
    run("locscale sharpen #2 mask #3 wait true")
    assert hub.jobs[max(hub.jobs)].request.recipe == "model-free" and results_of(session).of(volume)


def test_a_feature_enhanced_map_comes_with_its_confidence():
    volume = open_helices()
    before = array_of(volume)
    run("locscale fem #2 mask #3 samples 3 seed 1 wait true")
    link = results_of(session).of(volume)
    confidence = array_of(link.confidence)
    assert not numpy.array_equal(array_of(volume), before) and link.coloured
    assert -100 <= confidence.min() < confidence.max() <= 100
    assert volume.surfaces[0].vertex_colors is not None
    run("set bgColor white; view")
    picture("fem-confidence")
    once = array_of(volume)
    run("locscale fem #2 mask #3 samples 3 seed 1 colour false wait true")
    assert numpy.array_equal(array_of(volume), once)
