"""What every insight is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.checks import EXAMPLE_STROKES, Json, Strokes
from app.reader import Reader


@dataclass(frozen=True)
class Insight:
    """One address of the API below /api/.

    summary:  one sentence for the API's description
    answer:   makes the answer, ready for JSON, from the reader, the strokes and the other fields of
              the question (`model` is always among them); aborts with 422 for what it refuses
    schema:   of the answer
    fields:   schemas of the question's further fields, by name
    required: which of them must be there
    example:  a question
    is_heavy: whether it may take longer than reading a drawing
    """

    summary: str
    answer: Callable[[Reader, Strokes, Json], Json]
    schema: Json
    fields: dict[str, Json] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    example: Json = field(default_factory=lambda: {"strokes": EXAMPLE_STROKES})
    is_heavy: bool = True
