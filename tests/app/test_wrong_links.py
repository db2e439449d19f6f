"""A wrong address: a page for a person, JSON for a program."""

import pytest
from flask.testing import FlaskClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"


def test_a_browser_gets_a_page_with_a_way_back(client: FlaskClient) -> None:
    response = client.get("/nothing", headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "There is no such page" in response.text
    assert '<a href="./">' in response.text
    assert '<a href="models">' in response.text
    assert "/page.css" in response.text  # in the style of the other pages
    assert response.headers["Cache-Control"] == "no-store"


def test_the_way_back_is_relative_so_it_keeps_a_prefix(client: FlaskClient) -> None:
    page = client.get("/no/such/page", headers={"Accept": BROWSER})
    assert '<a href="../../">' in page.text
    assert '<a href="../../models">' in page.text


@pytest.mark.parametrize("address", ["/static//page.css", "/api//models", "/no//such", "/models/"])
def test_no_address_is_mended_by_a_redirect(client: FlaskClient, address: str) -> None:
    response = client.get(address)  # a redirect would leave the prefix that a proxy has removed
    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/css,*/*;q=0.1", PROBLEM])
def test_a_program_gets_a_problem(client: FlaskClient, accept: str) -> None:
    response = client.get("/nothing", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (404, PROBLEM)
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize("address", ["/api/nothing", "/api/predict", "/healthz/x", "/api/"])
def test_an_address_of_the_api_never_answers_with_a_page(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Accept": BROWSER})
    assert response.status_code in (404, 405)
    assert response.mimetype == PROBLEM


def test_a_method_that_a_page_has_not_is_told_to_a_person_too(client: FlaskClient) -> None:
    response = client.post("/models", headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (405, "text/html")
    assert "There is no such page" not in response.text
    assert "GET" in response.headers["Allow"]
