"""The least that a Flask server can do: answer every question with the same bytes of JSON."""

from flask import Flask, Response


def create_app(length: int) -> Flask:
    """An app that answers POST /api/predict with `length` bytes of JSON, a string."""
    app = Flask(__name__)
    answer = f'"{"x" * (length - 2)}"'

    @app.post("/api/predict")
    def predict() -> Response:
        return Response(answer, mimetype="application/json")

    return app
