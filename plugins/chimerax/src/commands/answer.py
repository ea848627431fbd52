"""Values that commands return: what JSON can say, since a REST server that cannot encode a value hangs for ever."""

from __future__ import annotations

import json

from chimerax.core.commands import JSONResult


def answer(value, return_json: bool, python_value=None):
    """The JSON of `value` for a REST client, a plain Python value for everybody else."""
    return JSONResult(json.dumps(value), python_value) if return_json else python_value


def job_answer(job, return_json: bool):
    return answer(job.summary(), return_json, job.number)
