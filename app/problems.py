"""Every refusal in one form: RFC 9457, application/problem+json, a detail that helps.

A person who follows a wrong link gets the same words as a page, with a way back.
"""

import json
from contextlib import suppress

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from app.limits import DISCARDED_BYTES

FOR_PROGRAMS = ("/api/", "/health", "/live")  # these addresses never answer with a page
PIECE_BYTES = 64 * 1024  # a body is read and discarded in pieces of this size


def answer(error: HTTPException) -> Response:
    """An HTTP error that a request met, as a problem."""
    _discard_the_rest()
    response = problem(error, _detail(error))
    if not request.path.startswith(FOR_PROGRAMS):
        response.vary.add("Accept")
        if _is_asked_by_a_person():
            response.set_data(render_template("problem.html", title=error.name, status=error.code))
            response.content_type = "text/html; charset=utf-8"
    return response


def problem(error: HTTPException, detail: str) -> Response:
    """A problem: type, title, status, detail.

    The headers that belong to the error stay, such as Allow with a 405.
    """
    response = Response(status=error.code, headers=error.get_headers())
    body = {
        "type": "about:blank",  # RFC 9457, 4.2.1: the status says what sort of problem it is
        "title": error.name,
        "status": error.code,
        "detail": detail,
    }
    response.set_data(json.dumps(body))
    response.content_type = "application/problem+json"
    return response


def _is_asked_by_a_person() -> bool:
    """Whether the client would rather have a page, as a browser that opens an address."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _discard_the_rest() -> None:
    """Discard the rest of the body: a client that is still sending would miss the answer."""
    if not request.environ.get("wsgi.input_terminated"):
        return  # the end of the body is unknown, and reading would wait for more
    left, body = DISCARDED_BYTES, request.environ["wsgi.input"]
    with suppress(OSError):  # the client has disconnected, or sends invalid HTTP
        while left > 0 and (piece := body.read(PIECE_BYTES)):
            left -= len(piece)


def _detail(error: HTTPException) -> str:
    """Found, wanted, cure: our own words for the errors that Flask raises."""
    if isinstance(error, NotFound):
        prefix = request.script_root
        return (
            f"there is nothing at {prefix}{request.path[:100]}; the page is at {prefix}/, "
            f"and {prefix}/api/openapi.json lists every address of the API"
        )
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or []))
        return f"found the method {request.method}, wanted one of: {allowed}"
    if isinstance(error, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        length = request.content_length or 0  # None where the body came in chunks
        found = f"a body of {length:,} bytes" if 0 < length < 10**15 else "a longer body"
        return (
            f"found {found}, wanted at most {limit:,} bytes; send fewer points or a smaller picture"
        )
    if isinstance(error, InternalServerError):
        return "something broke on our side; the server's log has the reason; please try again"
    return error.description or error.name
