"""What is seen: before and after, confidence, context; pictures are kept."""

import numpy
from chimerax.locscale.results import results_of

from stage import QUICK, array_of, ball, open_array, open_micelle, open_pair, picture, run, session, wait_until


def test_pictures_before_after_confidence_and_context():
    run("set bgColor white")
    volume = open_pair(48)
    run("view; lighting soft")
    before = picture("1-before")
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    after = picture("2-sharpened")
    run("locscale toggle #1 original")
    assert abs(picture("3-original") - before).max() <= 2
    run("locscale toggle #1 original")
    assert abs(picture("4-result") - after).max() <= 2
    assert abs(after - before).max() > 30

    # The display of confidence, by a map that runs from -100 to 100 along x; a job's own is shown the same way.
    ramp = numpy.broadcast_to(numpy.linspace(-100, 100, 48, dtype=numpy.float32), (48, 48, 48)).copy()
    confidence = open_array(ramp, "confidence")
    run(f"hide #{confidence.id_string} models; locscale confidence #1 map #{confidence.id_string}")
    coloured = picture("5-confidence")
    # Green in the middle, where plain is blue; the surface reaches from -67 to 72.
    green = (coloured[..., 1] > coloured[..., 2] + 80) & (coloured[..., 1] > coloured[..., 0] + 80)
    assert numpy.count_nonzero(green) > 3000
    run("volume #1 level 0.3")
    assert volume.surfaces[0].vertex_colors is not None
    run("volume #1 level 0.45; locscale toggle #1 confidence")
    assert numpy.count_nonzero(abs(picture("6-plain") - after).max(axis=2) > 40) < 200

    context = open_array(ball(48, 0.45) - ball(48, 0.3), "context")
    results_of(session).of(volume).context = context
    from chimerax.locscale.display import show_context

    show_context(session, results_of(session).of(volume), True, 0.5)
    shown = picture("7-context")
    run("locscale toggle #1 context")
    assert not context.display
    assert numpy.count_nonzero(abs(picture("8-no-context") - shown).max(axis=2) > 20) > 2000
    run("locscale compare #1")
    assert volume.display and results_of(session).of(volume).original.display
    picture("9-compare")
    run("locscale compare #1 off")
    assert not results_of(session).of(volume).original.display


def test_surfer_takes_the_belt_out_and_the_threshold_is_live():
    volume = open_micelle()
    before = array_of(volume)
    picture("surfer-before")
    run("locscale surfer #1 threshold 0.5 smooth 1 wait true")
    link = results_of(session).of(volume)
    probability, cleaned = array_of(link.context), array_of(volume)
    assert link.context.display and numpy.array_equal(array_of(link.original), before)
    found = cleaned != before
    assert found.any() and (probability[found] >= 0.5).all() and (cleaned[found] == 0).all()
    shown = picture("surfer-context")
    run("locscale toggle #1 context on false")
    assert (numpy.abs(picture("surfer-without") - shown).sum(axis=2) > 30).sum() > 300
    run("locscale threshold #1 0.9")
    wait_until(lambda: not numpy.array_equal(array_of(volume), cleaned), 20)
    moved = array_of(volume) != before
    assert (probability[moved] >= numpy.float32(0.9)).all() and moved.sum() < found.sum()
    assert abs(link.context.surfaces[0].level - 0.9) < 1e-6 and not link.context.display
    run("undo")
    assert numpy.array_equal(array_of(volume), before)
