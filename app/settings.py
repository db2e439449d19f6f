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
from ipaddress import ip_address
from typing import TypeAlias

Value: TypeAlias = int | str
# Labels of letters, digits and hyphens. The last begins with a letter, as in no wrong IPv4 address.
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z]([a-z0-9-]*[a-z0-9])?\.?", re.I)

# Sources of the directive frame-ancestors: a scheme and a host, perhaps with a port.
ORIGIN = re.compile(r"https?://(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:([0-9]{1,5}|\*))?", re.I)
NO_FRAMES = "'none'"  # of the same directive


@dataclass(frozen=True)
class Setting:
    """An environment variable.

    default: where it is not set, or empty
    meaning: what it sets
    wanted:  which values it may have
    parse:   text to a value; ValueError for what is not wanted
    """

    default: Value
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


def _host(text: str) -> str:
    """An address or a name as gunicorn's `bind` wants it: IPv6 in brackets."""
    has_brackets = text.startswith("[") and text.endswith("]")
    if not has_brackets and HOST_NAME.fullmatch(text):
        return text
    address = ip_address(text[1:-1] if has_brackets else text)
    if has_brackets and address.version == 4:
        raise ValueError(text)
    return f"[{address}]" if address.version == 6 else str(address)


def _frame_ancestors(text: str) -> str:
    """Origins as a header wants them; ValueError for one that a browser would ignore."""
    words = text.replace(",", " ").split()
    if [word.strip("'") for word in words] == ["none"]:
        return NO_FRAMES
    for word in words:
        if word not in ("*", "self", "'self'") and not ORIGIN.fullmatch(word):
            raise ValueError(text)
    return " ".join("'self'" if word == "self" else word for word in words)


SETTINGS = {
    "PORT": Setting(8000, "port to listen on", *_whole_number(1, 65_535)),
    "HOST": Setting(
        "0.0.0.0", "address to listen on", "an IPv4 or IPv6 address, or a host name", _host
    ),
    "WEB_CONCURRENCY": Setting(1, "number of worker processes", *_whole_number(1, 256)),
    "FRAME_ANCESTORS": Setting(
        NO_FRAMES,
        "websites that may show `/?embed=1` in a frame",
        "origins such as https://school.example with spaces between them, or * for all",
        _frame_ancestors,
    ),
}


def settings_from(environment: Mapping[str, str]) -> dict[str, Value]:
    """The value of every setting by its name; SystemExit, with one line, for a wrong one."""
    return {name: setting_from(environment, name) for name in SETTINGS}


def setting_from(environment: Mapping[str, str], name: str) -> Value:
    """The value of one setting; SystemExit, with one line, for a wrong one."""
    setting, text = SETTINGS[name], environment.get(name, "").strip()
    try:
        return setting.parse(text) if text else setting.default
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
