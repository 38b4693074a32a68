"""The frames of Phoenix sockets in TOON (Token-Oriented Object Notation): as much of it as the checks need.

Written from the specification alone, so that the checks do not trust the program they check. Texts are always written
in quotes; the reader knows lists, objects, arrays on one line, and tables without groups.
"""
import json
import re

HEADER = re.compile(r'^(?P<key>"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*)?\[(?P<count>\d+)\](?:\{(?P<fields>.*)\})?:(?: (?P<values>.*))?$')
FIELD = re.compile(r'^("(?:[^"\\]|\\.)*"|[^":]*):(?: (.*))?$')
NUMBER = re.compile(r"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$")


def write(frame):
    """A frame's five elements as a document."""
    lines = [f"[{len(frame)}]:"]
    for element in frame:
        _item(element, 1, lines)
    return "\n".join(lines)


def _is_primitive(value):
    return not isinstance(value, (dict, list))


def _primitive(value):
    return json.dumps(value, ensure_ascii=False)


def _item(value, depth, lines):
    mark = "  " * depth + "-"
    if _is_primitive(value):
        lines.append(f"{mark} {_primitive(value)}")
    elif isinstance(value, list):
        inner = []
        _array("", value, depth, inner)
        lines.append(f"{mark} {inner[0].lstrip()}")
        lines += inner[1:]
    elif not value:
        lines.append(mark)
    else:
        inner = []
        _fields(value, depth + 1, inner)
        lines.append(f"{mark} {inner[0].lstrip()}")
        lines += inner[1:]


def _array(key, value, depth, lines):
    head = "  " * depth + f"{key}[{len(value)}]:"
    if value and all(map(_is_primitive, value)):
        lines.append(head + " " + ",".join(map(_primitive, value)))
        return
    lines.append(head)
    for element in value:
        _item(element, depth + 1, lines)


def _fields(value, depth, lines):
    for key, field in value.items():
        name = json.dumps(key, ensure_ascii=False)
        if isinstance(field, list):
            _array(name, field, depth, lines)
        elif isinstance(field, dict):
            lines.append("  " * depth + name + ":")
            _fields(field, depth + 1, lines)
        else:
            lines.append("  " * depth + f"{name}: {_primitive(field)}")


def read(text):
    """A document as the value it is."""
    lines = [((len(line) - len(line.lstrip(" "))) // 2, line.strip(" ")) for line in text.split("\n") if line.strip(" ")]
    header = HEADER.match(lines[0][1]) if lines else None
    if header and not header["key"]:
        value, rest = _content(header, 0, lines[1:])
    else:
        value, rest = _object(0, lines)
    if rest:
        raise ValueError(f"more than a document: {rest[0][1]}")
    return value


def _token(text):
    text = text.strip(" ")
    if text.startswith('"'):
        return json.loads(text)
    if NUMBER.match(text):
        return json.loads(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


def _split(text):
    cells, cell, quoted, index = [], "", False, 0
    while index < len(text):
        letter = text[index]
        if quoted and letter == "\\":
            cell += text[index:index + 2]
            index += 2
            continue
        if letter == '"':
            quoted = not quoted
        if letter == "," and not quoted:
            cells.append(cell)
            cell = ""
        else:
            cell += letter
        index += 1
    return cells + [cell]


def _content(header, depth, lines):
    """What a header at this depth announces, and the lines behind it."""
    count = int(header["count"])
    if header["fields"] is not None:
        names = [_token(name) for name in _split(header["fields"])]
        rows = [dict(zip(names, map(_token, _split(line)), strict=True)) for _, line in lines[:count]]
        if any(level != depth + 1 for level, _ in lines[:count]) or len(rows) != count:
            raise ValueError(f"{count} rows were announced")
        return rows, lines[count:]
    if header["values"]:
        values = [_token(value) for value in _split(header["values"])]
        if len(values) != count:
            raise ValueError(f"{count} values were announced: {header['values']}")
        return values, lines
    values = []
    while lines and lines[0][0] == depth + 1 and lines[0][1].split(" ")[0] == "-":
        value, lines = _read_item(depth + 1, lines)
        values.append(value)
    if len(values) != count:
        raise ValueError(f"{count} items were announced, {len(values)} came")
    return values, lines


def _read_item(depth, lines):
    text = lines[0][1][1:].lstrip(" ")
    if not text:
        return {}, lines[1:]
    header = HEADER.match(text)
    if header and not header["key"]:
        return _content(header, depth, lines[1:])
    if header or (not text.startswith('"') or FIELD.match(text)) and FIELD.match(text):
        return _object(depth + 1, [(depth + 1, text)] + lines[1:])
    return _token(text), lines[1:]


def _object(depth, lines):
    value = {}
    while lines and lines[0][0] == depth:
        text = lines[0][1]
        header = HEADER.match(text)
        if header:
            key = _token(header["key"])
            value[key], lines = _content(header, depth, lines[1:])
            continue
        field = FIELD.match(text)
        if not field:
            raise ValueError(f"no field: {text}")
        if field[2]:
            value[_token(field[1])] = [] if field[2] == "[]" else _token(field[2])
            lines = lines[1:]
        else:
            value[_token(field[1])], lines = _object(depth + 1, lines[1:])
    return value, lines
