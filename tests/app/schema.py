"""As much of JSON Schema as our OpenAPI document uses: what is wrong with a value, in words."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
WORDS = {
    *("type", "enum", "minimum", "maximum", "items", "prefixItems", "minItems", "maxItems"),
    *("required", "properties", "additionalProperties", "$ref", "contentEncoding"),
    *("description", "default"),  # say nothing of what is right
}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Every fault of a value by a schema of this document; none where it is as described.

    A schema with a word that is not known here is a fault too: it would go untested.
    """
    return [f"{place}: {fault}" for place, fault in _faults(value, schema, document, "$")]


def _faults(
    value: Any, schema: dict[str, Any], document: dict[str, Any], place: str
) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        yield from _faults(value, document["components"]["schemas"][name], document, place)
        return
    for word in schema.keys() - WORDS:
        yield place, f"the schema says {word}, which is not tested"
    if not _is_of(value, schema.get("type", list(TYPES))):
        yield place, f"found {value!r}, wanted {schema['type']}"
        return
    yield from ((place, fault) for fault in _limits(value, schema))
    for here, part, of_part in _parts(value, schema):
        yield from _faults(part, of_part, document, f"{place}{here}")


def _is_of(value: Any, kinds: str | list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, TYPES[k]) for k in ([kinds] if isinstance(kinds, str) else kinds))


def _limits(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"found {value!r}, wanted one of {schema['enum']}"
    if isinstance(value, int | float) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
    ):
        yield f"{value} is out of range"
    if isinstance(value, list) and not (
        schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    ):
        yield f"found {len(value)} items"
    if isinstance(value, dict):
        yield from (f"no {name}" for name in schema.get("required", []) if name not in value)
        if schema.get("additionalProperties") is False:
            yield from (f"unwanted {name}" for name in value.keys() - schema["properties"].keys())
    if schema.get("contentEncoding") == "base64":
        b64decode(value, validate=True)


def _parts(value: Any, schema: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """What a value is made of: where, the part, and its schema."""
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        others = [schema.get("items", {})] * max(0, len(value) - len(first))
        for i, (part, of_part) in enumerate(zip(value, [*first, *others], strict=False)):
            yield f"[{i}]", part, of_part
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        for name, part in value.items():
            yield f".{name}", part, known.get(name, other or {})
