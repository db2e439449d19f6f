"""The environment variables of the server, held against what is wanted before it starts."""

import os
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from app.settings import SETTINGS, Value, settings_from
from tests.browser.server import ROOT

SECONDS = 60
DEFAULTS = {name: setting.parse(setting.default) for name, setting in SETTINGS.items()}
NUMBERS_THAT_ARE_NONE = ["x", "0", "-1", "1e9", "1.5", "+1", "1_0", "0x10", "1 1", "①", "9" * 5000]
NONE = {
    "PORT": [*NUMBERS_THAT_ARE_NONE, "99999", "65536", '"8000"', "'8000'", ":8000"],
    "HOST": [
        *['"::"', "[::", "::]", "[127.0.0.1]", "127.0.0.1:80", "[::1]:80", "300.1.1.1", "1.2.3"],
        *["http://here", "a b", "-", "here_", "unix:/tmp/socket", "*", "é" * 99],
    ],
    "WEB_CONCURRENCY": [*NUMBERS_THAT_ARE_NONE, "257", '"2"', "two"],
    "THREADS": [*NUMBERS_THAT_ARE_NONE, "9"],
    "FORWARDED_ALLOW_IPS": [
        *["10.0.0.0/33", "10.0.0.1/8", "proxy", "* 10.0.0.1", "300.1.1.1", "::1/x", ",", "all"],
    ],
    "SCRIPT_NAME": [
        *["lenet", "//evil.example", "/a//b", "/../x", "/./x", "/a b", "/a?b", "/a#b", '/"', "/é"],
    ],
    "FORCE_HTTPS": ["yes", "true", "2", "-1", "01", "on"],
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
        *["https://*", "javascript://x", "https://a*.example", "https://school.example:x", ","],
    ],
    "CORS_ORIGINS": [
        *["school.example", "https://school.example/", "https://*.school.example", "null", "self"],
        *["* https://a.example", "https://a.example:port", "https://a.example\r\nX: y", ","],
    ],
    "RATE_LIMIT": [
        *["0/second", "-1/second", "100", "second", "100/week", "1.5/second", "no"],
        *["9999999/second", "100/0 second", "100 second", "1/second;2/hour"],
    ],
    "MAX_PIXELS": [*NUMBERS_THAT_ARE_NONE, "783", "16000001"],
    "DEFAULT_NETWORK": ["../lenet", "a/b", ".lenet", "lenet npz", "x" * 65, "é", "\x00"],
    "LOG_FORMAT": ["xml", "TEXT", "off", "text,json"],
    "LOG_ADDRESSES": ["yes", "true", "2"],
    "COMMIT": ["main", "12345", "g123456", "a" * 65, "ABCDEF1"],
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
    ("THREADS", "8", 8),
    ("FORWARDED_ALLOW_IPS", "*", "*"),
    ("FORWARDED_ALLOW_IPS", "10.0.0.0/8, ::1 192.168.1.1", "10.0.0.0/8,::1,192.168.1.1"),
    ("SCRIPT_NAME", "/lenet", "/lenet"),
    ("SCRIPT_NAME", "/a/b.c/", "/a/b.c"),
    ("FORCE_HTTPS", "1", True),
    ("FORCE_HTTPS", "0", False),
    ("CORS_ORIGINS", "*", "*"),
    ("CORS_ORIGINS", "https://A.example, http://b:81", "https://a.example http://b:81"),
    ("RATE_LIMIT", "100/second", "100/second"),
    ("RATE_LIMIT", "500 per 5 minutes", "500 per 5 minutes"),
    ("MAX_PIXELS", "784", 784),
    ("DEFAULT_NETWORK", "lenet5-1998", "lenet5-1998"),
    ("LOG_FORMAT", "json", "json"),
    ("LOG_ADDRESSES", "1", True),
    ("COMMIT", "0123abc", "0123abc"),
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


def test_every_setting_has_texts_that_are_tried() -> None:
    assert list(NONE) == list(SETTINGS)
    assert {name for name, *_ in GOOD} == set(SETTINGS)


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


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting_of_any_kind_ends_the_check(name: str) -> None:
    result = check(**{name: "!"})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {name} is '!', wanted ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["::", "::1", "[::]"])
def test_gunicorn_listens_on_an_address_of_ipv6(host: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "--print-config", "app.asgi:create_app()"]
    result = check(*command, HOST=host, PORT="80")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("bind ")]
    assert line.split("= ")[1] == str([f"[{host.strip('[]')}]:80"])


def test_the_address_of_everything_is_one_of_ipv4_too() -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with socket.create_server(("::", 0), family=socket.AF_INET6) as found:
        port = found.getsockname()[1]
    environment = {**os.environ, "HOST": "::", "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "app.asgi:create_app()"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert [status(f"http://{host}:{port}/health") for host in ("127.0.0.1", "[::1]")] == [
            200,
            200,
        ]
    finally:
        server.terminate()
        server.wait(SECONDS)


def status(address: str) -> int:
    """Of the answer to a GET, as soon as a server listens there."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urlopen(address, timeout=SECONDS) as response:
                return int(response.status)
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
