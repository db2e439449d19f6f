"""The environment variables of the server, held against what is wanted before it starts."""

import os
import subprocess
import sys

import pytest

from app.settings import SETTINGS, Value, settings_from
from tests.browser.server import ROOT

SECONDS = 60
DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()}
NUMBERS_THAT_ARE_NONE = ["x", "0", "-1", "1e9", "1.5", "+1", "1_0", "0x10", "1 1", "①", "9" * 5000]
NONE = {
    "PORT": [*NUMBERS_THAT_ARE_NONE, "99999", "65536", '"8000"', "'8000'", ":8000"],
    "HOST": [
        *['"::"', "[::", "::]", "[127.0.0.1]", "127.0.0.1:80", "[::1]:80", "300.1.1.1", "1.2.3"],
        *["http://here", "a b", "-", "here_", "unix:/tmp/socket", "*", "é" * 99],
    ],
    "WEB_CONCURRENCY": [*NUMBERS_THAT_ARE_NONE, "257", '"2"', "two"],
    "FRAME_ANCESTORS": [
        *[
            "school.example",
            "https://school.example/page",
            "https://a b.example",
            "https:",
            "none *",
        ],
        *[
            "https://school.example; script-src *",
            "'unsafe-inline'",
            "https://ä.example",
        ],
        *["https://*", "javascript://x", "https://a*.example", "https://school.example:x"],
    ],
}
GOOD: list[tuple[str, str, Value]] = [
    ("PORT", "80", 80),
    ("PORT", " 65535\n", 65_535),
    ("HOST", "127.0.0.1", "127.0.0.1"),
    ("HOST", "localhost", "localhost"),
    ("HOST", "web-1.example.org", "web-1.example.org"),
    ("HOST", "::", "[::]"),
    ("HOST", "::1", "[::1]"),
    ("HOST", "[::]", "[::]"),
    ("HOST", "fe80::1%eth0", "[fe80::1%eth0]"),
    ("WEB_CONCURRENCY", "4", 4),
    ("WEB_CONCURRENCY", "256", 256),
    ("FRAME_ANCESTORS", "none", "'none'"),
    ("FRAME_ANCESTORS", "*", "*"),
    ("FRAME_ANCESTORS", "self", "'self'"),
    ("FRAME_ANCESTORS", "https://school.example", "https://school.example"),
    (
        "FRAME_ANCESTORS",
        " 'self',https://*.school.example:8443  http://localhost:* ",
        "'self' https://*.school.example:8443 http://localhost:*",
    ),
]


def check(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What app/settings.py does with a command in this environment."""
    others = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return subprocess.run(
        [sys.executable, "app/settings.py", *command],
        cwd=ROOT,
        env={**others, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_a_good_setting_is_taken(name: str, text: str, value: Value) -> None:
    assert settings_from({name: text}) == {**DEFAULTS, name: value}


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_empty_settings_are_the_defaults(text: str) -> None:
    assert settings_from({}) == settings_from(dict.fromkeys(SETTINGS, text)) == DEFAULTS


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in NONE for text in NONE[name]])
def test_a_wrong_setting_is_one_line_that_says_what_is_wanted(name: str, text: str) -> None:
    with pytest.raises(SystemExit) as stop:
        settings_from({name: text})
    line = str(stop.value)
    assert line.startswith(f"Error: {name} is ")
    assert ascii(text)[1:-1][:10] in line
    assert f"wanted {SETTINGS[name].wanted}; " in line
    assert "\n" not in line
    assert line.isascii()
    assert len(line) < 500


def test_the_defaults_are_values_that_may_be_set() -> None:
    for setting in SETTINGS.values():
        assert setting.parse(str(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("name", "text"), [("WEB_CONCURRENCY", "x"), ("WEB_CONCURRENCY", "0"), ("PORT", '"8000"')]
)
def test_the_server_does_not_start_with_a_wrong_setting(name: str, text: str) -> None:
    result = check(sys.executable, "-m", "gunicorn", "app.asgi:create_app()", **{name: text})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {name} is ")
    assert result.stderr.count("\n") == 1


def test_gunicorn_by_itself_checks_the_settings_too() -> None:
    environment = {**os.environ, "PORT": "99999"}
    command = [sys.executable, "-m", "gunicorn", "app.asgi:create_app()"]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Error: PORT is '99999', wanted a whole number from 1 to 65535")
    assert result.stderr.count("\n") == 1


def test_the_command_sees_no_empty_setting_and_its_status_is_passed_on() -> None:
    code = "import os; print(os.environ.get('WEB_CONCURRENCY'), os.environ['PORT']); exit(3)"
    result = check(sys.executable, "-c", code, WEB_CONCURRENCY="", PORT="80")
    assert (result.returncode, result.stdout, result.stderr) == (3, "None 80\n", "")


def test_without_a_command_it_only_checks() -> None:
    assert check().returncode == 0
    assert check(PORT="0").returncode == 1


def test_a_command_that_is_not_there_is_one_line() -> None:
    result = check("no-such-command")
    assert result.returncode == 1
    assert result.stderr == "Error: cannot run no-such-command: No such file or directory\n"


@pytest.mark.parametrize("host", ["::", "::1", "[::]"])
def test_gunicorn_listens_on_an_address_of_ipv6(host: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "--print-config", "app.asgi:create_app()"]
    result = check(*command, HOST=host, PORT="80")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("bind ")]
    assert line.split("= ")[1] == str([f"[{host.strip('[]')}]:80"])
