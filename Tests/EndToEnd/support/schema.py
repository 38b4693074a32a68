"""As much of JSON Schema as docs/once.schema.json uses."""


def agrees(value, schema, path="$"):
    """Whether a value has the types, fields and choices a schema names: as much of JSON Schema as ours uses."""
    kinds = dict(object=dict, array=list, string=str, integer=int, number=(int, float), boolean=bool)
    kind = schema.get("type")
    if isinstance(kind, list):
        if value is None and "null" in kind:
            return
        [kind] = [one for one in kind if one != "null"]
    if kind and (not isinstance(value, kinds[kind]) or (kind in ("integer", "number") and isinstance(value, bool))):
        raise AssertionError(f"{path} is {value!r}, not of type {kind}")
    if "enum" in schema and value not in schema["enum"]:
        raise AssertionError(f"{path} is {value!r}, not one of {schema['enum']}")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                raise AssertionError(f"{path}.{name} is missing")
        for name, part in value.items():
            known = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
            agrees(part, known, f"{path}.{name}")
    if isinstance(value, list):
        for index, part in enumerate(value):
            agrees(part, schema.get("items", {}), f"{path}[{index}]")
