"""A website that shows our page in a frame, and whose scripts ask our API."""

from http.server import BaseHTTPRequestHandler

ISOLATED = "/isolated"


class School(BaseHTTPRequestHandler):
    """A website whose page shows the address after "?" in a frame; one page isolates itself."""

    def do_GET(self) -> None:
        address = self.path.partition("?")[2]
        page = f'<iframe src="{address}" width="1000" height="700"></iframe>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path.startswith(ISOLATED):
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing."""
