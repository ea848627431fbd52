"""What commands answer to programs and to people."""

import json
from pathlib import Path

import chimerax.locscale
from chimerax.core.commands import run as run_command
from chimerax.core.commands.cli import command_url
from chimerax.locscale.commands import MODULE_OF
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
    for name in MODULE_OF:
        run(f"usage locscale {name}")
        # help:user/commands/locscale.html#network-list
        path, _, anchor = command_url(f"locscale {name}").removeprefix("help:").partition("#")
        page = (Path(chimerax.locscale.__file__).parent / "docs" / path).read_text("utf-8")
        assert f'"{anchor}"' in page and anchor == name.replace(" ", "-"), (name, path, anchor)
    open_pair()
    run("locs sh #1 mas #2 mode none win 10 wa t")
    assert results_of(session).all()
    assert "no job 999" in refused("locscale show 999").replace("There is ", "")
