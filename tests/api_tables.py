"""The fields of the API as Markdown tables, from the OpenAPI document.

    python -m tests.api_tables

prints what docs/api.md must contain; tests/test_api_docs.py tests that it does.
"""

from collections.abc import Iterator
from typing import Any

from app import create_app

Json = dict[str, Any]
HEADER = "| field | type | meaning |\n|---|---|---|\n"
REFERENCE = "#/components/schemas/"


def tables(document: Json) -> dict[str, str]:
    """By the name of each schema with fields: the table of its fields."""
    schemas = document["components"]["schemas"]
    names = schemas["Name"]["enum"]
    return {
        name: HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows(schema, names))
        for name, schema in schemas.items()
        if "properties" in schema
    }


def rows(schema: Json, names: list[str], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each field; an object is followed by its own fields."""
    for name, field in schema["properties"].items():
        is_needed = name in schema.get("required", ())
        meaning = [field["description"]] if "description" in field else []
        meaning += [] if is_needed else [_default(field, names)]
        yield f"`{prefix}{name}`", type_in_words(field, names), " ".join(meaning)
        inner, separator = (field["items"], "[].") if "items" in field else (field, ".")
        if "properties" in inner:
            yield from rows(inner, names, f"{prefix}{name}{separator}")


def _default(field: Json, names: list[str]) -> str:
    if "default" not in field:
        return "Optional."
    default = field["default"]
    return "Optional; by default " + (
        "the default network." if default == names[0] else f"`{str(default).lower()}`."
    )


def type_in_words(schema: Json, names: list[str]) -> str:
    """The type of a value with its range, for a cell of a table."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        return "name of a network" if name == "Name" else f"[{name}](#{name.lower()})"
    if "enum" in schema:
        known = ", ".join(f"`{value}`" for value in schema["enum"])
        return "name of a network" if schema["enum"] == names else f"one of {known}"
    types = schema.get("type", "anything")
    words = types if isinstance(types, str) else " or ".join(types)
    if words == "array":
        words = f"array{_count(schema)}{_items(schema, names)}"
    elif isinstance(schema.get("additionalProperties"), dict):
        words = f"object of {type_in_words(schema['additionalProperties'], names)}"
    elif schema.get("contentEncoding"):
        words = f"string, {schema['contentEncoding']}"
    return words + _range(schema)


def _items(schema: Json, names: list[str]) -> str:
    if "prefixItems" in schema:
        return f" of {type_in_words(schema['prefixItems'][0], names)}"
    return f" of {type_in_words(schema['items'], names)}" if "items" in schema else ""


def _count(schema: Json) -> str:
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if high is None:
        return f" ({low:,} or more)" if low else ""
    return f" ({high:,})" if low == high else f" ({low:,} to {high:,})"


def _range(schema: Json) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        return ""
    return f", {low:g} or more" if high is None else f", {low:g} to {high:g}"


def statuses(document: Json) -> str:
    """The statuses of POST /api/predict and their meanings, as a table."""
    responses = document["paths"]["/api/predict"]["post"]["responses"]
    lines = "".join(
        f"| {status} | {answer['description']} |\n" for status, answer in responses.items()
    )
    return f"| status | when |\n|---|---|\n{lines}"


def main() -> None:
    document = create_app().extensions["openapi"]
    for name, table in tables(document).items():
        print(f"### {name}\n\n{document['components']['schemas'][name]['description']}\n\n{table}")
    print(document["paths"]["/api/predict"]["post"]["description"], statuses(document), sep="\n\n")


if __name__ == "__main__":
    main()
