"""The schemas of the question and the answer of POST /api/unit."""

from app.checks import Json
from app.schemas import PROBABILITY, fixed_object
from model.insight import LAYERS

ACTIVATIONS = {"ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "ScaledTanh": "scaled-tanh"}
OPERATIONS = ["convolution", "max", "average", "subsample", "weights", "distance"]
LARGEST_INDEX = 119  # of C5

_NUMBER: Json = {"type": "number"}
_COUNTED: Json = {"type": "integer", "minimum": 0}
_TABLE: Json = {"type": "array", "items": {"type": "array", "items": _NUMBER}}
_BOX: Json = {"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4}

FIELDS: dict[str, Json] = {
    "layer": {"type": "string", "enum": [*LAYERS], "description": "The layer of the unit."},
    "index": {
        "type": "array",
        "items": {**_COUNTED, "maximum": LARGEST_INDEX},
        "minItems": 1,
        "maxItems": 3,
        "examples": [[0, 12, 12]],
        "description": "Map, row and column of the unit; from C5 on only its number.",
    },
}

_PART = fixed_object(
    "One map that the unit reads.",
    map={**_COUNTED, "description": "Which map, counted from 0."},
    patch={**_TABLE, "description": "The part of it that the unit reads."},
    kernel={**_TABLE, "description": "The weight of each value; for max 1 for the largest."},
    products={**_TABLE, "description": "Kernel times patch."},
    sum={**_NUMBER, "description": "Of the products."},
)
_TERM = fixed_object(
    "One value that the unit reads.",
    index={**_COUNTED, "description": "Which one, counted from 0."},
    weight={**_NUMBER, "description": "Its weight; for a distance the glyph's 1 or -1."},
    input={**_NUMBER, "description": "The value."},
    product={**_NUMBER, "description": "Of both; for a distance their difference squared."},
)
_SCALING = fixed_object(
    "What is done to the picture before C1; null for other layers.",
    border={**_COUNTED, "description": "Pixels of paper added at each side."},
    paper={**_NUMBER, "description": "What white paper becomes."},
    ink={**_NUMBER, "description": "What full ink becomes."},
)
_SOFTMAX = fixed_object(
    "From the scores of the output to a probability; null for other layers.",
    scores={"type": "array", "items": _NUMBER, "description": "Of all ten digits."},
    temperature={**_NUMBER, "description": "By which they are divided before the softmax."},
    probability={**PROBABILITY, "description": "Of this digit."},
)

ANSWER = fixed_object(
    "A unit written out. The products, or the terms, and the bias add up to the sum.",
    **FIELDS,
    operation={"type": "string", "enum": OPERATIONS, "description": "How it reads."},
    reads={
        "type": "string",
        "enum": ["picture", *LAYERS[:-1]],
        "description": "The layer that it reads.",
    },
    field={
        **_BOX,
        "description": "Left, top, right, bottom of the pixels of 28 × 28 that reach it; some may "
        "be outside.",
    },
    pad_field={
        **_BOX,
        "type": ["array", "null"],
        "description": "The same in the unit of the strokes; null for a dot or no ink.",
    },
    scaling={**_SCALING, "type": ["object", "null"]},
    inputs={"type": "array", "items": _PART, "description": "Where it reads parts of maps."},
    terms={
        "type": "array",
        "items": _TERM,
        "description": "Where it reads single values; the strongest first.",
    },
    bias={**_NUMBER, "description": "Added to the products."},
    sum={**_NUMBER, "description": "Of the products and the bias."},
    activation={
        "type": "string",
        "enum": ["none", *ACTIVATIONS.values()],
        "description": "The function of the sum.",
    },
    factor={**_NUMBER, "description": "A distance times this is its value; else 1."},
    value={**_NUMBER, "description": "What the maps show."},
    softmax={**_SOFTMAX, "type": ["object", "null"]},
)
