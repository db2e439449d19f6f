"""Requests made from the API's description, and answers held to it, by schemathesis.

    python -m tests.attack.described --cases 5000

Two of three requests follow the description and must be accepted, the others break it and must be
refused. Pictures are real ones, because the description cannot say what a picture is.
"""

import re
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from app import create_app
from app.uploads import ALIASES, PICTURES
from tests.attack.tally import Tally, command
from tests.drawn import drawn, encoded
from tests.strokes import FIVE, SEVEN

MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


REJECTED = "Schema-valid request rejected"
# Refusals by the network, which no schema can tell: which layers, units and snapshots it has.
BEYOND_SCHEMAS = re.compile(r'"detail": "(layers has|index|digits|.*no snapshots)')


def attack(cases: int, seed: int) -> Tally:
    """That many requests to /api/predict, and a few to each other address."""
    tally = Tally()
    for media_type, kind in (PICTURES | ALIASES).items():
        files = [encoded(drawn(digit, 60), kind) for digit in (FIVE, SEVEN)]
        schemathesis.openapi.media_type(media_type, st.sampled_from(files))
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", create_app())
    for result in schema.get_all_operations():
        operation = result.ok()
        wanted = cases // len(MODES) if operation.method == "post" else 5
        for number, mode in enumerate(MODES):
            strategy = _strategy(operation, mode)
            if strategy is not None:
                _search(strategy, wanted, seed + number, tally)
    return tally


def _strategy(operation: Any, mode: GenerationMode) -> st.SearchStrategy[Any] | None:
    """Requests to an address; None where no request can break the description."""
    if mode is GenerationMode.NEGATIVE and operation.method != "post":
        return None
    strategy: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)
    return strategy


def _search(strategy: st.SearchStrategy[Any], cases: int, seed: int, tally: Tally) -> None:
    @with_seed(seed)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def ask(case: Any) -> None:
        tally.cases += 1
        response = case.call(headers={"Accept-Encoding": "identity"})  # WSGI does not unpack
        tally.statuses[response.status_code] += 1
        try:
            case.validate_response(response)
        except FailureGroup as group:
            for failure in group.exceptions:
                if failure.title == REJECTED and BEYOND_SCHEMAS.search(response.text):
                    continue
                tally.fault(f"{failure.title}: {case.as_curl_command()[:300]}")

    run: Callable[[], None] = ask
    run()


if __name__ == "__main__":
    command(attack, 5_000)
