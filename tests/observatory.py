"""The score of MDN's HTTP Observatory for what a server answers.

Rules and points are those of https://github.com/mdn/mdn-http-observatory, version 1.5.0 (October
2025): src/analyzer/tests/ and src/grader/charts.js. A site starts with 100 points. Each rule adds
or takes some, and what is added counts only where at least 90 are left without it.

Modelled are nine of its ten rules, with every outcome that answers of ours can have; an outcome
that is not modelled counts as the worst of its rule. Not modelled are the list of preloaded hosts
(5 points), the check of a certificate, headers written as <meta>, a policy with nonces or hashes,
and cookies: we set none, which is 0 points, and a test says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

START, LEAST_FOR_EXTRA = 100, 90
BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
SIX_MONTHS = 15_552_000  # seconds
PRIVATE_REFERRERS = {
    *("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"),
}


@dataclass(frozen=True)
class Site:
    """What a site answers to a GET of its page; names of headers are in lower case.

    plain_status, plain_location: without TLS
    headers, page:                with TLS
    cross_headers:                the same, asked from a page of another origin
    origin:                       of that page
    host:                         the site's own
    """

    host: str
    plain_status: int
    plain_location: str
    headers: Mapping[str, str]
    page: str
    origin: str
    cross_headers: Mapping[str, str]


def score(site: Site) -> int:
    """Points of a site: 100 and more is A+."""
    points = rules(site).values()
    without_extra = START + sum(point for point in points if point < 0)
    return START + sum(points) if without_extra >= LEAST_FOR_EXTRA else max(0, without_extra)


def rules(site: Site) -> dict[str, int]:
    """The points of each rule."""
    policy = directives(site.headers.get("content-security-policy", ""))
    return {
        "content-security-policy": _policy(policy),
        "cross-origin-resource-sharing": _sharing(site),
        "redirection": _redirection(site),
        "referrer-policy": _referrer(site.headers.get("referrer-policy")),
        "strict-transport-security": _transport(site.headers.get("strict-transport-security", "")),
        "subresource-integrity": _integrity(site.page),
        "x-content-type-options": 0 if _value(site, "x-content-type-options") == "nosniff" else -5,
        "x-frame-options": _frames(site, policy),
        "cross-origin-resource-policy": _resources(_value(site, "cross-origin-resource-policy")),
    }


def directives(policy: str) -> dict[str, set[str]]:
    """The sources of each directive of a policy; the first of two with one name counts."""
    found: dict[str, set[str]] = {}
    for words in (part.split() for part in policy.split(";")):
        if words:
            found.setdefault(words[0].lower(), set(words[1:]))
    return found


def _value(site: Site, name: str) -> str | None:
    value = site.headers.get(name)
    return None if value is None else value.strip().lower()


def _policy(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, styles = policy.get("script-src", default), policy.get("style-src", default)
    if scripts & (BROAD | INLINE) or policy.get("object-src", default) & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for all_ in policy.values() for source in all_):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def _sharing(site: Site) -> int:
    origin = site.cross_headers.get("access-control-allow-origin")
    credentials = site.cross_headers.get("access-control-allow-credentials", "").lower()
    return -50 if origin == site.origin and credentials == "true" else 0


def _redirection(site: Site) -> int:
    target = urlsplit(site.plain_location)
    if site.plain_status not in (301, 302, 303, 307, 308) or target.scheme != "https":
        return -20
    return 0 if target.hostname == site.host else -5


def _referrer(value: str | None) -> int:
    if value is None:
        return 0
    return 5 if value.split(",")[-1].strip().lower() in PRIVATE_REFERRERS else -5


def _transport(value: str) -> int:
    ages = [part.strip()[8:] for part in value.lower().split(";") if "max-age=" in part]
    if "," in value or len(ages) != 1 or not ages[0].isdigit():
        return -20
    return 0 if int(ages[0]) >= SIX_MONTHS else -10


class _Scripts(HTMLParser):
    """The attributes of all scripts of a page that have an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" in dict(attrs):
            self.found.append(dict(attrs))


def _integrity(page: str) -> int:
    scripts = _Scripts()
    scripts.feed(page)
    if any("//" in (script["src"] or "")[:8] for script in scripts.found):
        return -50  # from another server
    return 5 if any(script.get("integrity") for script in scripts.found) else 0


def _frames(site: Site, policy: dict[str, set[str]]) -> int:
    if policy.get("frame-ancestors"):
        return 5
    return 0 if _value(site, "x-frame-options") in ("deny", "sameorigin") else -20


def _resources(value: str | None) -> int:
    points = {None: 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}
    return points.get(value, -5)
