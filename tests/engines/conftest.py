"""The walk through each engine has the same server as the other tests of the page."""

from tests.browser.conftest import server as server
