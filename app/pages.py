"""The pages. Everything on them is in templates/; here is what they are told."""

from flask import Blueprint, current_app, render_template

from app.reader import Reader

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def index() -> str:
    """The page with the pad.

    networks: name, title, parameters, accuracy of each network, the default one first
    default:  name of the network that reads where none is chosen
    limits:   strokes, points, bytes, pixels: the most that POST /api/predict takes
    """
    reader: Reader = current_app.extensions["reader"]
    config = current_app.config
    return render_template(
        "index.html",
        networks=[
            {
                "name": card["model"],
                "title": card.get("title", card["model"]),
                "parameters": card["parameters"],
                "accuracy": card.get("metrics", {}).get("accuracy"),
            }
            for card in reader.cards()
        ],
        default=reader.default,
        limits={
            "strokes": config["MAX_STROKES"],
            "points": config["MAX_POINTS"],
            "bytes": config["MAX_CONTENT_LENGTH"],
            "pixels": config["MAX_PIXELS"],
        },
    )
