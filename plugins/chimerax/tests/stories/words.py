"""What commands answer to programs and to people."""

import json

from chimerax.core.commands import run as run_command
from chimerax.locscale.results import results_of

from stage import QUICK, open_pair, refused, run, session


def test_answers_for_programs_are_json():
    open_pair()
    value = run_command(session, f"locscale sharpen #1 mask #2 {QUICK} wait true", return_json=True)
    said = json.loads(value.json_value if hasattr(value, "json_value") else value[0].json_value)
    assert said["state"] == "done" and said["models"] == ["#1"], said
    for text in (
        "locscale jobs",
        "locscale status",
        "locscale settings",
        "locscale toggle #1",
        "locscale network list",
    ):
        answer = run_command(session, text, return_json=True)
        json.loads(answer.json_value if hasattr(answer, "json_value") else answer[0].json_value)


def test_usage_help_and_abbreviations():
    for name in ("sharpen", "fem", "surfer", "confidence", "toggle", "compare", "jobs", "start", "network list"):
        run(f"usage locscale {name}")
    open_pair()
    run("locs sh #1 mas #2 mode none win 10 wa t")
    assert results_of(session).all()
    assert "no job 999" in refused("locscale show 999").replace("There is ", "")
