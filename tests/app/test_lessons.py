"""What a link to a challenge asks of the page: challenge, caption, hidden controls."""

from pathlib import Path

import pytest

from app.lessons import CHALLENGES, HIDEABLE, MAX_CAPTION, Challenge, lesson_of


def test_there_are_six_challenges_of_different_names() -> None:
    assert len({challenge.name for challenge in CHALLENGES}) == 6


@pytest.mark.parametrize("challenge", CHALLENGES, ids=lambda challenge: challenge.name)
def test_a_challenge_is_found_by_its_name(challenge: Challenge) -> None:
    name = challenge.name
    found = lesson_of({"lesson": name})
    assert (found.challenge, found.missing) == (challenge, "")


def test_a_name_that_is_none_is_kept_to_be_told() -> None:
    found = lesson_of({"lesson": "seven-nine"})
    assert (found.challenge, found.missing) == (None, "seven-nine")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Draw\n a \t7 ", "Draw a 7"),
        ("<b>7</b> & more", "<b>7</b> & more"),  # the template escapes it
        ("a\u202eb\u2066c\x00d\u200be", "abcde"),
        ("é 七 ٧", "é 七 ٧"),
        ("x" * 400, "x" * (MAX_CAPTION - 1) + "…"),
        ("", ""),
    ],
)
def test_a_caption_is_one_plain_line(given: str, shown: str) -> None:
    assert lesson_of({"caption": given}).caption == shown


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ("tools,tabs", ("tabs", "tools")),
        (" tools , nothing,, ", ("tools",)),
        (",".join(HIDEABLE), HIDEABLE),
        ("body", ()),
        ("", ()),
    ],
)
def test_only_known_controls_can_be_hidden(given: str, hidden: tuple[str, ...]) -> None:
    assert lesson_of({"hide": given}).hidden == hidden


def test_an_address_without_a_lesson_asks_nothing() -> None:
    found = lesson_of({"model": "lenet"})
    assert (found.challenge, found.missing, found.caption, found.hidden) == (None, "", "", ())


def test_the_documentation_names_every_challenge_and_every_part_that_can_be_hidden() -> None:
    text = Path("docs/page.md").read_text()
    names = [challenge.name for challenge in CHALLENGES]
    assert [name for name in (*names, *HIDEABLE) if f"`{name}`" not in text] == []
    assert f"at most {MAX_CAPTION} characters" in text
