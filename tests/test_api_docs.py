"""docs/api.md agrees with the OpenAPI document, and its commands are answered as shown."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.insight import INSIGHTS
from app.limits import PLAIN_POINTS, PLAIN_POINTS_WITH_STEPS
from app.openapi import limits_table
from tests.api_tables import statuses, tables

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text()
COMMANDS = re.findall(r"```sh\n(curl[^`]*?)```\n\n```json\n(.*?)```", PAGE, re.DOTALL)
SHORTENED = ["…"], "…"  # in place of a long value


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app()


def test_every_field_is_on_the_page_and_no_other(app: Flask) -> None:
    wanted = tables(app.extensions["openapi"])
    assert len(wanted) >= 7 + 2 * len(INSIGHTS)
    for name, table in wanted.items():
        section = PAGE.split(f"\n### {name}\n")[1].split("\n#")[0]
        assert table in section, f"{name}; the tables: python -m tests.api_tables"
        fields = re.findall(r"^\| `[\w.\[\]]+` \|.*$", section, re.MULTILINE)
        assert len(fields) == table.count("\n") - 2, name


def test_every_limit_is_on_the_page(app: Flask) -> None:
    assert limits_table(app.config) in PAGE
    with_steps = f"or of more than {PLAIN_POINTS_WITH_STEPS} points with `steps`"
    assert f"more than\n{PLAIN_POINTS:,} points, {with_steps}" in PAGE


def test_every_status_is_on_the_page(app: Flask) -> None:
    assert statuses(app.extensions["openapi"]) in PAGE


def test_every_address_is_on_the_page_and_no_other(app: Flask) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in app.extensions["openapi"]["paths"].items()
        for method in methods
    }
    assert set(re.findall(r"`((?:GET|POST) [^`]+)`", PAGE)) == described


@pytest.mark.parametrize(("command", "shown"), COMMANDS)
def test_a_command_is_answered_as_the_page_shows(app: Flask, command: str, shown: str) -> None:
    (address,) = re.findall(r"http://127\.0\.0\.1:8000(\S+)", command)
    body = re.findall(r"-d '(.*?)'", command, re.DOTALL)
    client = app.test_client()
    response = (
        client.post(address, data=body[0], content_type="application/json")
        if body
        else client.get(address)
    )
    found, expected = json.loads(response.text), json.loads(shown)
    assert list(found) == list(expected)
    for name, value in expected.items():
        if value not in SHORTENED and name != "milliseconds":
            assert found[name] == near(value), name


def near(value: Any) -> Any:
    return pytest.approx(value, abs=5e-4) if isinstance(value, float) else value


def test_the_page_has_commands_with_answers() -> None:
    assert len(COMMANDS) > len(INSIGHTS)


def test_the_picture_of_the_commands_shows_a_seven(app: Flask) -> None:
    picture = (Path(__file__).parent.parent / "docs" / "digit.png").read_bytes()
    answer = app.test_client().post("/api/predict", data=picture, content_type="image/png")
    found = answer.get_json()
    assert (found["verdict"], found["digit"]) == ("digit", 7)
