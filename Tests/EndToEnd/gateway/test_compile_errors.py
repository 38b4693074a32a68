"""What the compiler says of mistakes in endpoints: each snippet is type-checked against the built modules."""
import os
import re
import resource
import subprocess

import pytest

from support.programs import BIN

BEGINNING = """
import GenAPIGateway
struct User: Codable, Sendable { var id: String }
struct Bare: Sendable { var id: String }
@Sendable func touch(_ id: String) async throws {}
@Sendable func give(_ id: String) async throws -> Bare { Bare(id: id) }
let id = Argument("id", String.self), number = Argument("number", Int.self)
"""


def check(folder, text):
    """The errors that the compiler finds."""
    path = os.path.join(folder, "snippet.swift")
    with open(path, "w", encoding="utf-8") as file:
        file.write(BEGINNING + text)
    command = ["swiftc", "-typecheck", "-swift-version", "6", "-I", os.path.join(BIN, "Modules"), "-Xcc",
               "-fmodule-map-file=" + os.path.join(BIN, "CThreadSlot.build", "module.modulemap"), path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    errors = re.findall(r"^\S*snippet\.swift:\d+:\d+: error: (.*)$", result.stderr + result.stdout, re.MULTILINE)
    assert (result.returncode == 0) == (not errors), result.stderr
    return errors


@pytest.mark.parametrize("function", [
    "{ id in Bare(id: id) }",
    "{ id in [Bare(id: id)] }",
    '{ id in ["key": Bare(id: id)] }',
    "{ id -> Bare? in nil }",
    "{ id in (id, 1) }",
    '{ id in ["key": id] as [String: Any] }',
    "{ id in try await give(id) }",
    "{ id in\n  let bare = Bare(id: id)\n  return bare\n}",
    "{ id in try await touch(id) }",
    "{ id in print(id) }",
])
def test_a_result_that_is_not_encodable(folder, function):
    """A result that is not Encodable is refused, with a text that says what to add."""
    errors = check(folder, f'let endpoint = Endpoint("x", id) {function}\n')
    assert len(errors) == 1
    assert "is not Encodable and Sendable: declare its type so (struct User: Encodable)" in errors[0]
    assert 'Endpoint(performing: "…")' in errors[0]


def test_every_form_of_endpoint_refuses_it(folder):
    """Every form of an endpoint refuses a result that is not Encodable."""
    for endpoint in ['Endpoint(withRequest: "x", id) { request, id in Bare(id: id) }',
                     'try Endpoint("x", taking: User.self) { user in Bare(id: user.id) }',
                     'Endpoint("x", number, number, number, number, id) { a, b, c, d, id in Bare(id: id) }',
                     'Endpoint("x") { Bare(id: "1") }']:
        errors = check(folder, f"let endpoint = {endpoint}\n")
        assert len(errors) == 1 and "Encodable" in errors[0], (endpoint, errors)


@pytest.mark.parametrize("function", [
    "{ id in nil }",
    "{ id in return nil }",
    "{ id in\n  if id.isEmpty { return nil }\n  return User(id: id)\n}",
    "{ id in\n  let name = id + id\n  if name.isEmpty { return 1 }\n  return name\n}",
])
def test_a_nil_of_no_type(folder, function):
    """A nil of no type, and results of two types, are refused with a text that says where to write the type."""
    errors = check(folder, f'let endpoint = Endpoint("x", id) {function}\n')
    assert len(errors) == 1 and "say the result's type, as in { id -> User? in … }" in errors[0]


@pytest.mark.parametrize("endpoint, text", [
    ('Endpoint("x", id) { User(id: "1") }', "expects 1 argument"),
    ('Endpoint("x", id) { a, b in User(id: a) }', "expects 1 argument, but 2 were used"),
    ('Endpoint("x", id, number) { id in User(id: id) }', "expects 2 arguments, but 1 was used"),
    ('Endpoint(performing: "x", id) { a, b in print(a) }', "expects 1 argument, but 2 were used"),
    ('Endpoint(streaming: "x", id) { stream in }', "expects 2 arguments, but 1 was used"),
    ('Endpoint("x", id, number) { (number: Int, id: String) in id }', "'@Sendable (String, Int) async throws -> String'"),
    ('Endpoint("x", id, number) { number, id in id + 1.5 + number.utf8 }', ""),
    ('Endpoint("x", id, number) { id, number in id.nothing }', "value of type 'String' has no member 'nothing'"),
])
def test_wrong_parameters(folder, endpoint, text):
    """Wrong parameters of a function are named: how many there must be, of which types; so are other mistakes."""
    errors = check(folder, f"let endpoint = {endpoint}\n")
    assert len(errors) >= 1 and text in errors[0] and "same shape" not in errors[0], errors


def test_what_is_right(folder):
    """What is right is let through."""
    assert not check(folder, """
let endpoints = [
  Endpoint("a", id) { id in User(id: id) },
  Endpoint("b", id) { id -> User? in id.isEmpty ? nil : User(id: id) },
  Endpoint("c", id, number) { id, number in [id: number] },
  Endpoint(performing: "d", id) { id in try await touch(id) },
  Endpoint(withRequest: "e", id) { request, id in request.userID.map { "\\($0) \\(id)" } },
  Endpoint(streaming: "f", id) { stream, id in try await stream.send(User(id: id)) },
  try Endpoint("g", taking: User.self) { user in user.id },
  Endpoint("h", number, number, number, number, number, id) { a, b, c, d, e, id in "\\(a + b + c + d + e) \\(id)" },
]
""")


def test_thirty_endpoints_in_one_builder(folder):
    """Thirty endpoints in one builder are type-checked soon."""
    endpoints = "\n".join(f"""
  Endpoint("get{index}", id, Argument("limit", Int.self, default: 1), Argument("tags", [String]?.self)) {{ id, limit, tags in
    users.filter {{ $0.id.contains(id) && (tags ?? []).contains($0.id) }}.prefix(limit).map {{ "\\($0.id) \\(limit + 1)" }}
  }}
  .permission(.anyAuthenticated).timeout(.seconds(2))
  Endpoint("find{index}", id) {{ id in users.first {{ $0.id == id }} }}""" for index in range(15))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert not check(folder, f'let users: [User] = []\nlet service = ServiceEndpoints("s") {{{endpoints}\n}}\n')
    # 1.2 s of a processor where this was written; a builder whose types explode takes minutes.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10
