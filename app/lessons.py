"""The six challenges of the page, and the links to them that a teacher hands out.

Whether a challenge is met, the page checks: static/js/lessons/checks.js.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

MAX_CAPTION = 300  # characters


@dataclass(frozen=True)
class Challenge:
    """A task at the pad.

    name:  in the address, ?lesson=four-nine
    title: a few words
    task:  one or two sentences
    """

    name: str
    title: str
    task: str


CHALLENGES = (
    Challenge(
        "four-nine",
        "A 4 it reads as 9",
        "Draw a 4 that the network takes for a 9. A plain comparison of shapes, without any "
        "network, watches that it stays a 4.",
    ),
    Challenge(
        "smallest-eight",
        "The smallest 8",
        "How small may an 8 be? Draw one of a tenth of the pad’s height or less that is still "
        "read.",
    ),
    Challenge(
        "five-answers",
        "Five networks, five answers",
        "Draw something that each of the five networks reads as another digit. Three is good, "
        "four is rare.",
    ),
    Challenge(
        "three-five",
        "Between 3 and 5",
        "Draw what is neither quite a 3 nor quite a 5: give each of them at least 30\u202f%.",
    ),
    Challenge(
        "letter",
        "Fool it with a letter",
        "Draw a letter that the network surely takes for a digit. A plain comparison of shapes, "
        "without any network, says whether it is a letter.",
    ),
    Challenge(
        "one-dot",
        "An answer that hangs on one dot",
        "Draw a digit. Then tap once on the pad: one dot must turn the answer into another digit.",
    ),
)

# What a link may leave out, by its name in ?hide=tools,tabs; static/css/lessons.css hides it.
HIDEABLE = (
    *("after", "bars", "challenges", "essay", "mast", "modes", "picture", "replay", "tabs"),
    "tools",
)


@dataclass(frozen=True)
class Lesson:
    """What a link asks of the page.

    challenge: the one that begins at once, or None
    missing:   the name of a challenge that does not exist, or ""
    caption:   text above the pad, or ""
    hidden:    names of HIDEABLE
    """

    challenge: Challenge | None
    missing: str
    caption: str
    hidden: tuple[str, ...]

    @property
    def is_on(self) -> bool:
        """Whether something is said above the pad."""
        return bool(self.challenge or self.missing or self.caption)


def lesson_of(arguments: Mapping[str, str]) -> Lesson:
    """What the arguments of the address ask: lesson, caption, hide. Others are left alone."""
    name = plain(arguments.get("lesson", ""), 40)
    challenge = next((each for each in CHALLENGES if each.name == name), None)
    wanted = arguments.get("hide", "").replace(" ", "").split(",")
    return Lesson(
        challenge=challenge,
        missing="" if challenge else name,
        caption=plain(arguments.get("caption", ""), MAX_CAPTION),
        hidden=tuple(name for name in HIDEABLE if name in wanted),
    )


def plain(text: str, longest: int) -> str:
    """One line of text: no control or direction characters, at most `longest` characters.

    Without characters that change the direction of writing, no link can disguise its words.
    """
    visible = [c for c in text if c.isspace() or not unicodedata.category(c).startswith("C")]
    line = " ".join("".join(visible).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
