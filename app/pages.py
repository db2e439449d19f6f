"""The pages. Their HTML is in templates/; model/report makes the parts about a network."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from app.assets import REVALIDATED, Asset, answer, asset_of, serve_static
from app.layers import inside_of
from app.lessons import CHALLENGES, HIDEABLE, Lesson, lesson_of
from app.reader import Reader
from app.reliability import reliability_of
from model.insight import SLANTS, TURNS, WIDTHS
from model.network import Network
from model.report import STYLES, comparison, gate_part, network_parts, percent
from model.variants import VARIANTS

# The style sheets of the first screen. They are joined, so that it waits for one file only.
SHEETS = (
    "page",
    "desk",
    "tools",
    "strip",
    "lens",
    "wide",
    "landscape",
    "number",
    "keep",
    "timeline",
    "paper",
    "settings",
)
# What only a reader of the source needs: comments of style sheets, and the space before a line.
COMMENT, INDENTATION = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\n\s+")

HTML = "text/html; charset=utf-8"
KEPT_PAGES = 16  # pages with a pad: one for each host and each lesson that was asked for last

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(percent)


@blueprint.get("/")
def index() -> Response:
    """The page with the pad."""
    page: Callable[[str, Lesson, bool], Asset] = current_app.extensions["pad_page"]
    is_embedded = request.args.get("embed") == "1"
    return answer(page(request.root_url, lesson_of(request.args), is_embedded), REVALIDATED)


@blueprint.get("/embed")
def embedded() -> BaseResponse:
    """The page for a frame by a path alone: Hugging Face's setting `base_path` takes no query."""
    return redirect("./?embed=1")


@blueprint.get("/models")
def models() -> Response:
    """Every network in numbers. Its page is made only once: the networks do not change."""
    page: Asset = current_app.extensions["models_page"]
    return answer(page, REVALIDATED)


@blueprint.app_template_global()
def link(endpoint: str, **values: Any) -> str:
    """The address of an endpoint, relative to the page of now, as `url_for` has it from the root.

    So a page works behind a proxy that removes a prefix from addresses and does not say so.
    """
    from_root = url_for(endpoint, **values)[len(request.script_root) + 1 :]
    address = "../" * (request.path.count("/") - 1) + from_root
    return address if address[:1] not in ("", "?") else f"./{address}"


def make_pages(app: Flask) -> None:
    """Read the static files; make what is the same for every request: the page of all networks."""
    static = Path(app.root_path).parent / "static"
    sheet = _joined(STYLES / "base.css", *(static / "css" / f"{name}.css" for name in SHEETS))
    # The pages share some style sheets with the reports of train.py.
    serve_static(app, ("", static), ("report", STYLES), more={"page.css": sheet.encode()})
    app.extensions["pad_page"] = lru_cache(KEPT_PAGES)(_pad_page)
    with app.test_request_context("/models"):
        app.extensions["models_page"] = asset_of(_models().encode(), HTML)


def _joined(*paths: Path) -> str:
    """The style sheets of the first screen as one; a tab of the lens brings its own later."""
    joined = "\n".join(path.read_text() for path in paths)
    return INDENTATION.sub("\n", COMMENT.sub("", joined))


def _pad_page(home: str, lesson: Lesson, is_embedded: bool) -> Asset:
    """The page with the pad.

    home: address of the page as the client sees it; the page names it for other websites

    The template gets
    networks: name, origin, parameters, accuracy of each network, and whether it has snapshots; the
              default one first
    default:  name of the network that reads if none is chosen
    is_best:  whether no other network has fewer weights, or reads measurably better
    has_gate: whether the gate is asked before them
    reliability: how often answers of each network were right, see app/reliability.py
    lesson:   what the address asks: a challenge, a caption, what is left out
    embed:    whether the page is for a frame, without its title and its text
    inside:   of each network what the part "Inside" knows without asking
    turns, slants, widths: what the tab Why tries with a drawing
    """
    reader = _reader()
    networks = [
        {
            "name": name,
            "origin": VARIANTS[network.name].origin,
            "parameters": network.size,
            "accuracy": network.card.metrics and network.card.metrics["accuracy"],
            "snapshots": bool(reader.stages(name)[0]),
        }
        for name, network in reader.networks()
    ]
    page = render_template(
        "index.html",
        home=home,
        networks=networks,
        default=reader.default,
        is_best=_is_best(reader.networks()),
        has_gate=bool(reader.gate),
        lesson=lesson,
        challenges=CHALLENGES,
        hideable=HIDEABLE,
        embed=is_embedded,
        inside=inside_of(reader.networks()),
        turns=TURNS,
        slants=SLANTS,
        widths=WIDTHS,
        reliability={name: reliability_of(network.card) for name, network in reader.networks()},
    )
    return asset_of(INDENTATION.sub("\n", page).encode(), HTML)


def _models() -> str:
    reader = _reader()
    networks = reader.networks()
    shown = [
        {"name": name, "title": VARIANTS[network.name].title, **network_parts(network)}
        for name, network in networks
    ]
    return render_template(
        "models.html",
        networks=shown,
        is_best=_is_best(networks),
        comparison=comparison(networks),
        gate=gate_part(reader.gate.card),
    )


def _is_best(networks: list[tuple[str, Network]]) -> bool:
    """Whether the first of several networks is a good default, by size and measured accuracy.

    Another reads measurably better if its accuracy is above the first one's 95 % interval.
    """
    (_, first), *others = networks
    if not others or first.card.metrics is None:
        return False
    highest = first.card.metrics["interval"][1]
    return all(
        other.size > first.size
        and other.card.metrics is not None
        and other.card.metrics["accuracy"] <= highest
        for _, other in others
    )


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader
