"""The pages. Their HTML is in templates/; model/report makes the parts about a network."""

import re
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from app.compression import compress
from app.layers import inside_of
from app.lessons import CHALLENGES, HIDEABLE, lesson_of
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

# The style sheets that the pages share with the reports of train.py are static files too.
blueprint = Blueprint("pages", __name__, static_folder=STYLES, static_url_path="/static/report")
blueprint.add_app_template_filter(percent)


@blueprint.after_request
def keep(response: Response) -> Response:
    """Compress a page; let the browser cache it and revalidate it each time (app/security.py)."""
    response.headers["Cache-Control"] = "no-cache"
    return compress(response)


@blueprint.get("/")
def index() -> str:
    """The page with the pad.

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
        networks=networks,
        default=reader.default,
        is_best=_is_best(reader.networks()),
        has_gate=bool(reader.gate),
        lesson=lesson_of(request.args),
        challenges=CHALLENGES,
        hideable=HIDEABLE,
        embed=request.args.get("embed") == "1",
        inside=inside_of(reader.networks()),
        turns=TURNS,
        slants=SLANTS,
        widths=WIDTHS,
        reliability={name: reliability_of(network.card) for name, network in reader.networks()},
    )
    return INDENTATION.sub("\n", page)


@blueprint.get("/embed")
def embedded() -> BaseResponse:
    """The page for a frame by a path alone: Hugging Face's setting `base_path` takes no query."""
    return redirect("./?embed=1")


@blueprint.get("/page.css")
def sheet() -> Response:
    """The style sheets of the first screen as one; a tab of the lens brings its own later."""
    return _revalidated(current_app.extensions["sheet"], "text/css")


@blueprint.get("/models")
def models() -> Response:
    """Every network in numbers. Its page is made only once: the networks do not change."""
    made: dict[str, bytes] = current_app.extensions["models_pages"]
    if request.script_root not in made:  # the app is mounted under a prefix
        made[request.script_root] = _models().encode()
    return _revalidated(made[request.script_root], "text/html")


def make_pages(app: Flask) -> None:
    """Make what is the same for every request: the joined style sheet, the page of all networks."""
    folder = Path(app.static_folder or "") / "css"
    paths = [STYLES / "base.css", *(folder / f"{name}.css" for name in SHEETS)]
    joined = "\n".join(path.read_text() for path in paths)
    app.extensions["sheet"] = INDENTATION.sub("\n", COMMENT.sub("", joined))
    with app.test_request_context("/models"):
        app.extensions["models_pages"] = {"": _models().encode()}


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


def _revalidated(content: str | bytes, media_type: str) -> Response:
    """An answer of 304 if the client has this content already."""
    response = Response(content, mimetype=media_type)
    response.add_etag()
    response.make_conditional(request)
    return response


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader
