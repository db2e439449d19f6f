"""The texts of README.md and the pages in docs/, and functions that find things in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md"]
PAGES = [ROOT / name for name in NAMES] + sorted((ROOT / "docs").glob("*.md"))
TEXTS = {str(page.relative_to(ROOT)): page.read_text() for page in PAGES}
NOW = {name: text for name, text in TEXTS.items() if name != "CHANGELOG.md"}  # not the past
README, NETWORKS = TEXTS["README.md"], TEXTS["docs/networks.md"]
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
FOLDERS = "model|app|weights|notebooks|static|templates|tests|benchmarks|docs|deploy"


def anchors(text: str) -> set[str]:
    """The anchors that a forge gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in kept}


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with `head`."""
    _, _, after = text.partition(f"\n{head}")
    lines = after.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def commands(text: str) -> list[str]:
    """The code on a page: the blocks, and the code within lines."""
    return [code for _, code in FENCE.findall(text)] + re.findall(
        r"`([^`\n]+)`", FENCE.sub("", text)
    )
