"""Requests to the whole app over no connection, whose answers and CPU time are counted."""

from time import process_time

from app import create_app
from tests.attack.tally import Tally


class Asked:
    """Counts what the app answers.

    most_seconds: of CPU for an answer; more is a fault
    """

    def __init__(self, tally: Tally, most_seconds: float) -> None:
        self.tally, self.most_seconds = tally, most_seconds
        self.client, self.slowest = create_app().test_client(), 0.0

    def ask(self, address: str, body: bytes, media_type: str, case: str) -> None:
        """Send a body; `case` names it in a fault."""
        started = process_time()
        answer = self.client.post(address, data=body, content_type=media_type)
        seconds = process_time() - started
        self.slowest = max(self.slowest, seconds)
        self.tally.answered(answer.status_code, answer.content_type, answer.data, case)
        if seconds > self.most_seconds:
            self.tally.fault(f"{seconds:.1f} s of CPU: {case}")

    def end(self) -> Tally:
        """The tally, with the CPU time of the slowest answer."""
        self.tally.figures.append(f"slowest {self.slowest:.2f} s of CPU")
        return self.tally
