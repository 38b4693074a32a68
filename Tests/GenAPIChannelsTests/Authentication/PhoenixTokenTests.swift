import ErlangTerms
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPIChannels
@testable import GenAPITokens

@Suite("Tokens of Phoenix")
struct PhoenixTokenTests {
  private static let secret = "a-secret-key-base-of-more-than-sixty-four-bytes-as-phoenix-makes-them-0123"
  /// Signed at 1 700 000 000 with Erlang's own crypto, as `Phoenix.Token.sign` does: a map, and a number.
  private static let map = """
    SFMyNTY.g2gDdAAAAAJkAAVyb2xlc2wAAAABbQAAAAVhZG1pbmpkAAd1c2VyX2lkbQAAAAN1XzFuBgAAaOXPiwFiAAFRgA.rn1cMLtZVvJtl-a16eZeodIXMjprLt9XGAcwvS-3CLE
    """
  private static let number = """
    SFMyNTY.g2gDYSpuBgAAaOXPiwFiAAFRgA.D6K-unBiiVi4Mbv9kGzWXBn9KFBoLLrG24bA5b22HR8
    """

  private func authenticate(_ token: String, now: Int64 = 1_700_000_100, salt: String = "user socket")
    async throws
    -> ClientIdentity
  {
    try await PhoenixTokenAuthenticator(secret: ByteText(Self.secret), salt: ByteText(salt)) { now }
      .authenticate(
        ConnectRequest(parameters: ["token": ByteText(token)]))
  }

  @Test("a token says who its bearer is, as a map or as the id alone")
  func valid() async throws {
    #expect(
      try await authenticate(Self.map)
        == ClientIdentity(userID: "u_1", roles: ["admin"], expiresAt: 1_700_086_400))
    #expect(try await authenticate(Self.number).userID == "42")
  }

  @Test("roles that are one text are one role")
  func rolesAsText() {
    #expect(PhoenixTokenAuthenticator.roles(.text("admin")) == ["admin"])
    #expect(PhoenixTokenAuthenticator.roles(.list([.text("a"), .text("b")])) == ["a", "b"])
    #expect(PhoenixTokenAuthenticator.roles(.text("")) == nil && PhoenixTokenAuthenticator.roles(nil) == nil)
  }

  @Test("what limits count by is read of a map's keys")
  func claims() async throws {
    var authenticator = try PhoenixTokenAuthenticator(secret: ByteText(Self.secret), salt: "user socket") {
      1_700_000_100
    }
    authenticator.claims.counted = ["user_id", "roles", "missing"]
    let identity = try await authenticator.authenticate(
      ConnectRequest(parameters: ["token": ByteText(Self.map)]))
    #expect(identity.claims?["user_id"] == "u_1" && identity.claims?["missing"] == nil)
    // Of another kind, and a key all the same.
    #expect(identity.claims?["roles"]?.isEmpty == false)
  }

  @Test("claims of different kinds are different keys, and a longer one than any is refused by its name")
  func kindsOfClaims() throws {
    func key(_ term: Term) throws -> ByteText? { try PhoenixTokenAuthenticator.counted(term, "x") }
    for (term, text) in [
      (.atom("true"), "true"), (.text("true"), "\"true\""), (.integer(1), "1"), (.text("1"), "\"1\""),
      (.float(1), "1"), (.atom("acme"), "acme"), (.text("acme"), "acme"), (.list([.text("a")]), "[\"a\"]"),
      (.text("[\"a\"]"), #""[\"a\"]""#),
      (.map(TermMap([(.atom("b"), .integer(1)), (.text("a"), .atom("nil"))])), #"{"a":null,"b":1}"#),
    ] as [(Term, ByteText)] { #expect(try key(term) == text) }
    #expect(try key(.atom("nil")) == nil)
    // What JSON has no form for is no text either.
    let tuple = try #require(try key(.tuple([.integer(1)])))
    #expect(tuple.hasPrefix("#"))
    #expect(try key(.text(tuple)) != tuple)
    for long in [
      Term.text(ByteText(String(repeating: "x", count: 1_025))),
      .tuple(Array(repeating: .integer(1), count: 200)),
    ] {
      let error = #expect(throws: AuthenticationRefused.self) { try key(long) }
      #expect(error?.description.hasPrefix("the claim \"x\" has ") == true && error?.isForClient == true)
    }
  }

  @Test("an expired token, another salt, and a changed one let nobody in")
  func refused() async {
    await #expect(throws: AuthenticationRefused.self) { try await authenticate(Self.map, now: 1_700_086_401) }
    await #expect(throws: AuthenticationRefused.self) { try await authenticate(Self.map, salt: "other") }
    for token in [
      "", "a.b.c", Self.map + "x", String(Self.map.dropFirst()),
      Self.number.replacing("SFMyNTY", with: "none"),
    ] {
      await #expect(throws: AuthenticationRefused.self) { try await authenticate(token) }
    }
  }
}
