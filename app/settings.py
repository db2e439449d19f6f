"""The settings of the server: environment variables, checked once, before it starts.

    python app/settings.py gunicorn "app.asgi:create_app()"

checks them, then becomes the command after it. gunicorn.conf.py takes their values from here too.
gunicorn by itself fails with a traceback where WEB_CONCURRENCY is empty or no number, before it
reads any file of ours. This file imports the standard library only, so the check takes no time.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TypeAlias

Value: TypeAlias = int | str | bool
# Labels of letters, digits and hyphens. The last begins with a letter, as in no wrong IPv4 address.
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z]([a-z0-9-]*[a-z0-9])?\.?", re.I)

# An origin is a scheme and a host, perhaps with a port. Sources of the directive frame-ancestors
# may have stars too.
ORIGIN = re.compile(r"https?://([a-z0-9-]+\.)*[a-z0-9-]+(:[0-9]{1,5})?", re.I)
SOURCE = re.compile(r"https?://(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:([0-9]{1,5}|\*))?", re.I)
NO_FRAMES = "'none'"  # of the same directive

PREFIX = re.compile(r"(/(?!\.\.?(/|$))[a-z0-9._~-]+)*/?", re.I)
RATE = re.compile(r"[1-9][0-9]{0,5} ?(/|per) ?([1-9][0-9]{0,3} )?(second|minute|hour|day)s?", re.I)


@dataclass(frozen=True)
class Setting:
    """An environment variable.

    default: its text where it is not set, or empty
    meaning: what it sets
    wanted:  which texts it may have
    parse:   text to a value; ValueError for what is not wanted
    """

    default: str
    meaning: str
    wanted: str
    parse: Callable[[str], Value]


def _whole_number(least: int, most: int) -> tuple[str, Callable[[str], int]]:
    """What is wanted, in words, and what parses it."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return f"a whole number from {least} to {most}", parse


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """What parses a text of this pattern."""

    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _unless(word: str, parse: Callable[[str], str]) -> Callable[[str], str]:
    """The same, but this word stands for the empty text."""
    return lambda text: "" if text == word else parse(text)


def _host(text: str) -> str:
    """An address or a name as gunicorn's `bind` wants it: IPv6 in brackets."""
    has_brackets = text.startswith("[") and text.endswith("]")
    if not has_brackets and HOST_NAME.fullmatch(text):
        return text
    address = ip_address(text[1:-1] if has_brackets else text)
    if has_brackets and address.version == 4:
        raise ValueError(text)
    return f"[{address}]" if address.version == 6 else str(address)


def _proxies(text: str) -> str:
    """Addresses and networks as gunicorn wants them: with commas between them."""
    if text == "*":
        return text
    return ",".join(str(_network(word)) for word in _words(text))


def _network(text: str) -> str:
    """An address or a network; ValueError for a network whose address is one of a machine."""
    return str(ip_network(text) if "/" in text else ip_address(text))


def _prefix(text: str) -> str:
    return _matching(PREFIX)(text).rstrip("/")


def _origins(text: str) -> str:
    """Origins, with spaces between them, or one star."""
    if text == "*":
        return text
    return " ".join(_matching(ORIGIN)(word).lower() for word in _words(text))


def _frame_ancestors(text: str) -> str:
    """Sources as a header wants them; ValueError for one that a browser would ignore."""
    words = _words(text)
    if [word.strip("'") for word in words] == ["none"]:
        return NO_FRAMES
    for word in words:
        if word not in ("*", "self", "'self'"):
            _matching(SOURCE)(word)
    return " ".join("'self'" if word == "self" else word for word in words)


def _words(text: str) -> list[str]:
    words = text.replace(",", " ").split()
    if not words:
        raise ValueError(text)
    return words


SETTINGS = {
    "PORT": Setting("8000", "port to listen on", *_whole_number(1, 65_535)),
    "HOST": Setting(
        "0.0.0.0",
        "address to listen on; `::` is every address, of IPv4 too",
        "an IPv4 or IPv6 address, or a host name",
        _host,
    ),
    "WEB_CONCURRENCY": Setting("1", "number of worker processes", *_whole_number(1, 256)),
    "THREADS": Setting(
        "2", "threads of each worker that read plain drawings", *_whole_number(1, 8)
    ),
    "FORWARDED_ALLOW_IPS": Setting(
        "127.0.0.1,::1",
        "proxies whose headers `X-Forwarded-…` are believed",
        "addresses or networks such as 10.0.0.0/8 with commas between them, or * for all",
        _proxies,
    ),
    "SCRIPT_NAME": Setting(
        "/", "path under which the page is seen", "a path such as /lenet", _prefix
    ),
    "FORCE_HTTPS": Setting(
        "0", "whether a request without TLS is sent to the https address", "0 or 1", _switch
    ),
    "FRAME_ANCESTORS": Setting(
        "none",
        "websites that may show `/?embed=1` in a frame",
        "origins such as https://school.example with spaces between them, or * for all, or none",
        _frame_ancestors,
    ),
    "CORS_ORIGINS": Setting(
        "none",
        "websites whose scripts may ask the API",
        "origins such as https://school.example with spaces between them, or * for all, or none",
        _unless("none", _origins),
    ),
    "RATE_LIMIT": Setting(
        "none",
        "questions to the API from one client, for each worker",
        "a rate such as 100/second or 500 per minute, or none",
        _unless("none", _matching(RATE)),
    ),
    "MAX_PIXELS": Setting(
        "16000000", "largest picture that is accepted, in pixels", *_whole_number(784, 16_000_000)
    ),
    "DEFAULT_NETWORK": Setting(
        "lenet",
        "network that reads where a question names none",
        "the name of a file in weights/, without .npz",
        _matching(re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.I)),
    ),
    "LOG_FORMAT": Setting(
        "text",
        "form of the line that is logged for each request",
        "text, json or none",
        _matching(re.compile("text|json|none")),
    ),
    "LOG_ADDRESSES": Setting(
        "0", "whether that line has the address of the client", "0 or 1", _switch
    ),
    "COMMIT": Setting(
        "unknown",
        "commit that runs, for `/live` and `/health`; most platforms tell it by themselves",
        "a hash of 7 to 64 hexadecimal digits",
        _unless("unknown", _matching(re.compile(r"[0-9a-f]{7,64}"))),
    ),
}


def settings_from(environment: Mapping[str, str]) -> dict[str, Value]:
    """The value of every setting by its name; SystemExit, with one line, for a wrong one."""
    return {name: setting_from(environment, name) for name in SETTINGS}


def setting_from(environment: Mapping[str, str], name: str) -> Value:
    """The value of one setting; SystemExit, with one line, for a wrong one."""
    setting, text = SETTINGS[name], environment.get(name, "").strip()
    try:
        return setting.parse(text or setting.default)
    except ValueError:
        found = ascii(text if len(text) <= 40 else text[:40] + "...")
        cure = f"change the environment variable, or unset it for {setting.default}"
        sys.exit(f"Error: {name} is {found}, wanted {setting.wanted}; {cure}")


def main(command: list[str]) -> None:
    """Check the settings and become the command, where there is one. It sees no empty setting."""
    settings_from(os.environ)
    for name in SETTINGS:
        if not os.environ.get(name, "x").strip():
            del os.environ[name]
    if command:
        try:
            os.execvp(command[0], command)
        except OSError as error:
            sys.exit(f"Error: cannot run {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
