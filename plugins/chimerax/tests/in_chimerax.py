"""Runs in the real ChimeraX with the bundle installed: chimerax --nogui --offscreen --script "in_chimerax.py FOLDER".

Each function `test_…` of `stories/` begins with an empty session; names of some of them after FOLDER run those alone.
What came of it goes into FOLDER/results.json, with pictures.
"""

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

from chimerax.core.commands import run

HERE = Path(__file__).resolve().parent
FOLDER, chosen = Path(sys.argv[1]), sys.argv[2:]
sys.path.insert(0, str(HERE))

import stage  # noqa: E402  beside this file

stage.begin(session, FOLDER)  # noqa: F821  given by ChimeraX
session, hub, results = stage.session, stage.hub, {}
stories = [importlib.import_module(f"stories.{path.stem}") for path in sorted((HERE / "stories").glob("*.py"))]
for name, function in [item for story in stories for item in vars(story).items()]:
    if not name.startswith("test_") or (chosen and name not in chosen):
        continue
    run(session, "close session", log=False)
    started = time.monotonic()
    try:
        function()
        results[name] = {"ok": True}
    except BaseException:
        results[name] = {"ok": False, "why": traceback.format_exc()}
        for job in hub.jobs.values():
            hub.cancel(job)
        hub.queue.wait(lambda: all(job.ended for job in hub.jobs.values()))
    results[name]["seconds"] = round(time.monotonic() - started, 2)
(FOLDER / "results.json").write_text(json.dumps({"results": results, "numbers": stage.numbers}, indent=1))
