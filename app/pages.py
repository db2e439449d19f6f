"""The pages. Their HTML is in templates/; model/report makes the parts about a network."""

from flask import Blueprint, Flask, Response, current_app, render_template, request

from app.reader import Reader
from model.report import STYLES, comparison, network_parts, percent
from model.variants import VARIANTS

# The style sheets that the pages share with the reports of train.py are static files too.
blueprint = Blueprint("pages", __name__, static_folder=STYLES, static_url_path="/static/report")
blueprint.add_app_template_filter(percent)


@blueprint.after_request
def keep(response: Response) -> Response:
    """Let the browser cache a page and revalidate it each time; see app/security.py."""
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/")
def index() -> str:
    """The page with the pad.

    networks: name, origin, parameters, accuracy of each network, the default one first
    default:  name of the network that reads if none is chosen
    """
    reader = _reader()
    networks = [
        {
            "name": name,
            "origin": VARIANTS[network.name].origin,
            "parameters": network.size,
            "accuracy": network.card.metrics and network.card.metrics["accuracy"],
        }
        for name, network in reader.networks()
    ]
    return render_template("index.html", networks=networks, default=reader.default)


@blueprint.get("/models")
def models() -> Response:
    """Every network in numbers, made at the start: the networks do not change."""
    response = Response(current_app.extensions["models_page"], mimetype="text/html")
    response.add_etag()
    response.make_conditional(request)  # 304 if the client has it already
    return response


def make_models_page(app: Flask) -> None:
    """Make the page of all networks, before the first request."""
    with app.test_request_context("/models"):
        app.extensions["models_page"] = _models().encode()


def _models() -> str:
    networks = _reader().networks()
    shown = [
        {"name": name, "title": VARIANTS[network.name].title, **network_parts(network)}
        for name, network in networks
    ]
    return render_template("models.html", networks=shown, comparison=comparison(networks))


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader
