"""Every target starts from a clean copy, reads a digit, shows the page, and stops."""

import re
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from tests.deploy.started import started
from tests.deploy.targets import TARGETS, Place

ADDRESS = re.compile(r"\b\d+\.\d+\.\d+\.\d+\b")


@pytest.mark.parametrize("name", TARGETS)
def test_a_digit_is_read_where_it_is_deployed(
    name: str, place: Place, read_only: bool, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with started(TARGETS[name](place), log, read_only) as server:
        answer, missing, status = server.read_a_seven(), server.missing_parts(), server.stop()
    assert (answer["verdict"], answer["digit"]) == ("digit", 7)
    assert missing == []
    said = log.read_text()
    assert "Traceback" not in said
    if name == "without make":  # Flask's own server, for one user on one machine
        return
    assert status == 0, said
    lines = [line for line in said.splitlines() if "/api/predict" in line]
    assert len(lines) <= 1  # gunicorn's own log, which some platforms ask for, stays off
    assert not any(ADDRESS.search(line) for line in lines)


def test_a_space_shows_the_page_in_the_frame_of_hugging_face(
    place: Place, read_only: bool, tmp_path: Path
) -> None:
    head = (place.space / "README.md").read_text().split("---\n")[1]
    with (
        started(TARGETS["deploy/huggingface"](place), tmp_path / "log", read_only) as server,
        urlopen(server.url + yaml.safe_load(head)["base_path"]) as page,
    ):
        assert page.status == 200
        assert "frame-ancestors https://huggingface.co" in page.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in page.headers
