"""Every refusal in one form: RFC 9457, application/problem+json, a detail that helps."""

from flask import Response, current_app, json, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)


def answer(error: HTTPException) -> Response:
    """An HTTP error as a problem: type, title, status, detail.

    The headers that belong to the error stay, such as Allow with a 405.
    """
    response = Response(status=error.code, headers=error.get_headers())
    problem = {
        "type": "about:blank",  # RFC 9457, 4.2.1: the status says what kind of problem it is
        "title": error.name,
        "status": error.code,
        "detail": _detail(error),
    }
    response.set_data(json.dumps(problem))
    response.content_type = "application/problem+json"
    return response


def _detail(error: HTTPException) -> str:
    """Found, wanted, cure: our own words for the errors that Flask raises."""
    if isinstance(error, NotFound):
        return (
            f"there is nothing at {request.path[:100]}; the page is at /, "
            "and /api/openapi.json lists every address of the API"
        )
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or []))
        return f"found the method {request.method}, wanted one of: {allowed}"
    if isinstance(error, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        found = request.content_length
        size = f"{found:,} bytes" if found else "more"
        return (
            f"found a body of {size}, wanted at most {limit:,} bytes; "
            "send fewer points or a smaller picture"
        )
    if isinstance(error, InternalServerError):
        return "something broke on our side; the server's log has the reason; please try again"
    return error.description or error.name
