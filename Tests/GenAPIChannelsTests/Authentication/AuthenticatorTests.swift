import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPIChannels
@testable import GenAPITokens

@Suite("Who a client is")
struct AuthenticatorTests {

  private static let secret = "secret-of-32-bytes-or-more-for-us!"

  private func jwt(_ header: String, _ claims: String, secret: String = secret) -> String {
    TokenMaker.jwt(header: header, claims: claims, secret: secret)
  }

  private func authenticate(
    _ token: String?, now: Int64 = 1_000, _ change: (inout JWTAuthenticator) -> Void = { _ in }
  )
    async throws -> ClientIdentity
  {
    var authenticator = try JWTAuthenticator(secret: ByteText(Self.secret)) { now }
    change(&authenticator)
    return try await authenticator.authenticate(
      ConnectRequest(parameters: token.map { ["token": ByteText($0)] } ?? [:], remoteAddress: "10.0.0.1"))
  }

  private let header = #"{"alg":"HS256","typ":"JWT"}"#

  @Test("a signed token says who its bearer is")
  func valid() async throws {
    let token = jwt(header, #"{"sub":"u1","roles":["admin"],"device_id":"d1","exp":2000,"nbf":900}"#)
    #expect(
      try await authenticate(token)
        == ClientIdentity(
          userID: "u1", deviceID: "d1", roles: ["admin"], ipAddress: "10.0.0.1", expiresAt: 2_030))
  }

  @Test("claims that are counted are kept whatever they are, so that none escapes a limit, and only those")
  func claims() async throws {
    let token = jwt(
      header,
      #"{"sub":"u1","tenant":"t1","plan":7,"flag":true,"list":["x"],"empty":"","none":null,"other":"x"}"#)
    let identity = try await authenticate(token) {
      $0.claims.counted = ["tenant", "plan", "flag", "list", "empty", "none", "missing"]
    }
    #expect(
      identity.claims == ["tenant": "t1", "plan": "7", "flag": "true", "list": #"["x"]"#, "empty": ""])
    // One number is one key, one user and one device, however its issuer writes it.
    for number in ["7", "7.0", "70e-1"] {
      let token = jwt(header, #"{"sub":\#(number),"device_id":\#(number),"plan":\#(number)}"#)
      let identity = try await authenticate(token) { $0.claims.counted = ["plan"] }
      #expect(identity.userID == "7" && identity.deviceID == "7" && identity.claims == ["plan": "7"])
    }
    let half = try await authenticate(jwt(header, #"{"sub":"u1","plan":0.5}"#)) {
      $0.claims.counted = ["plan"]
    }
    #expect(half.claims == ["plan": "0.5"])
    #expect(try await authenticate(token).claims == nil)
  }

  @Test("claims of different kinds are different keys: a text that reads as another kind is in quotes")
  func kindsOfClaims() async throws {
    var keys: [ByteText: String] = [:]
    for (json, key) in [
      ("true", "true"), (#""true""#, #""true""#), ("1", "1"), (#""1""#, #""1""#), (#""1.0""#, #""1.0""#),
      ("[\"a\"]", "[\"a\"]"), (#""[\"a\"]""#, #""[\"a\"]""#), ("{}", "{}"), (#""{}""#, #""{}""#),
      (#""null""#, #""null""#), (#""\"true\"""#, #""\"true\"""#), ("\"\\\"\"", "\"\\\"\""),
      ("\"\"", ""), (#""t1""#, "t1"), (#""1a""#, "1a"), (#""True""#, "True"), ("\"#1\"", "\"#1\""),
    ] as [(String, ByteText)] {
      let token = jwt(header, #"{"sub":"u1","x":\#(json)}"#)
      let found = try await authenticate(token) { $0.claims.counted = ["x"] }.claims?["x"]
      #expect(found == key, "\(json)")
      #expect(keys.updateValue(json, forKey: try #require(found)) == nil, "\(json) is \(key) too")
    }
  }

  @Test(
    "a claim has as many bytes as another, whatever its kind, and a longer one is refused by its name and the bound"
  )
  func longClaims() async throws {
    let most = ClientIdentity.mostClaimBytes
    func text(_ count: Int) -> String { String(repeating: "x", count: count) }
    for (good, bad) in [
      ("\"\(text(most))\"", "\"\(text(most + 1))\""),
      ("[\"\(text(most - 4))\"]", "[\"\(text(most - 3))\"]"),
      ("{\"a\":\"\(text(most - 8))\"}", "{\"a\":\"\(text(most - 7))\"}"),
      (String(repeating: "9", count: 200), "[\(String(repeating: "9,", count: most / 2))9,9]"),
    ] {
      func read(_ json: String) async throws -> ByteText? {
        try await authenticate(jwt(header, #"{"sub":"u1","tenant":\#(json)}"#)) {
          $0.claims.counted = ["tenant"]
        }.claims?["tenant"]
      }
      // Kept short, and told apart by all of it.
      #expect((try await read(good)?.byteCount ?? 0) <= 256)
      let error = await #expect(throws: AuthenticationRefused.self) { try await read(bad) }
      let description = error?.description ?? ""
      #expect(description.hasPrefix("the claim \"tenant\" has 10"), "\(description)")
      #expect(description.hasSuffix("bytes, allowed are \(most)") && error?.isForClient == true)
    }
    // One that nobody counts by is nobody's matter.
    #expect(try await authenticate(jwt(header, #"{"sub":"u1","x":"\#(text(2_000))"}"#)).claims == nil)
  }

  @Test(
    "exp, nbf and iat are numbers below 1e12, however written, or the token is refused with the claim's name; iat decides nothing"
  )
  func times() async throws {
    for (claims, ends) in [
      ("\"exp\":999999999999", Int64(1_000_000_000_029)), ("\"exp\":9e11", 900_000_000_030),
      ("\"exp\":2000.5", 2_031),
      ("\"nbf\":-1e300", nil), ("\"nbf\":-5", nil), ("\"nbf\":1029.9", nil), ("\"iat\":999999999999", nil),
      ("\"iat\":-1", nil), ("\"iat\":0.5,\"exp\":1001", 1_031),
    ] as [(String, Int64?)] {
      let identity = try await authenticate(jwt(header, #"{"sub":"u1",\#(claims)}"#))
      #expect(identity.expiresAt == ends, "\(claims)")
    }
    for (claims, reason) in [
      ("\"exp\":970", "has expired"), ("\"exp\":-1", "has expired"), ("\"exp\":-1e300", "has expired"),
      ("\"exp\":0", "has expired"), ("\"nbf\":999999999999", "not valid yet"),
      ("\"nbf\":1030.5", "not valid yet"),
    ] {
      let error = await #expect(throws: AuthenticationRefused.self) {
        try await authenticate(jwt(header, #"{"sub":"u1",\#(claims)}"#))
      }
      #expect(error?.description.hasSuffix(reason) == true, "\(claims): \(String(describing: error))")
    }
    for name in ["exp", "nbf", "iat"] {
      for time in name == "iat" ? [] : ["1e12", "1700000000000", "1e300"] {
        let error = await #expect(throws: AuthenticationRefused.self) {
          try await authenticate(jwt(header, #"{"sub":"u1","\#(name)":\#(time)}"#))
        }
        #expect(
          error?.description
            == "the token's \(name) must be seconds since 1970, below 1e12, and not milliseconds")
      }
      let large = "1" + String(repeating: "0", count: 400)
      let error = await #expect(throws: AuthenticationRefused.self) {
        try await authenticate(jwt(header, #"{"sub":"u1","\#(name)":\#(large)}"#))
      }
      #expect(error?.description == "the token's \(name) must be a number up to 1e308")
      for (json, kind) in [
        ("\"2000\"", "a string"), ("true", "a boolean"), ("null", "null"), ("[2000]", "an array"),
        ("{}", "an object"),
      ] {
        let error = await #expect(throws: AuthenticationRefused.self) {
          try await authenticate(jwt(header, #"{"sub":"u1","\#(name)":\#(json)}"#))
        }
        #expect(error?.description == "the token's \(name) must be a number, not \(kind)")
      }
    }
  }

  @Test("an exp in milliseconds, by which a token would be good for 50 000 years, is refused")
  func milliseconds() async throws {
    for value in ["1730000000000", "1e12", "1e300", "99999999999999999999999999"] {
      let error = await #expect(throws: AuthenticationRefused.self) {
        try await authenticate(jwt(header, #"{"sub":"u1","exp":\#(value)}"#))
      }
      #expect(
        error?.description == "the token's exp must be seconds since 1970, below 1e12, and not milliseconds")
    }
  }

  @Test("a token has one spelling: padding and letters of other base64 are none of it")
  func spelling() async throws {
    // Their claims have letters of both alphabets.
    let token = jwt(header, #"{"sub":"u1","x":"???>>>~~~"}"#)
    _ = try await authenticate(token)
    for other in [
      token.replacing("_", with: "/").replacing("-", with: "+"), token + "=",
      token.replacing(".", with: "=."),
    ] where other != token {
      let error = await #expect(throws: AuthenticationRefused.self) { try await authenticate(other) }
      #expect(error?.description == "the token is no JWT")
    }
  }

  @Test("an identity ends when its token would not be taken any more, leeway included, and never without exp")
  func expiry() async throws {
    #expect(try await authenticate(jwt(header, #"{"sub":"u1"}"#)).expiresAt == nil)
    #expect(try await authenticate(jwt(header, #"{"sub":"u1","exp":2000.5}"#)).expiresAt == 2_031)
    #expect(
      try await authenticate(jwt(header, #"{"sub":"u1","exp":1e11}"#)).expiresAt == 100_000_000_030)
  }

  @Test("a token without exp is good for ever, or refused by the claim's name where one is required")
  func requiredExpiry() async throws {
    let endless = jwt(header, #"{"sub":"u1"}"#)
    #expect(try await authenticate(endless).userID == "u1")
    let error = await #expect(throws: AuthenticationRefused.self) {
      try await authenticate(endless) { $0.requiresExpiry = true }
    }
    #expect(error?.description == "the token has no exp, and needs one")
    let ending = jwt(header, #"{"sub":"u1","exp":2000}"#)
    #expect(try await authenticate(ending) { $0.requiresExpiry = true }.expiresAt == 2_030)
  }

  @Test("roles that are one text are one role, and nothing else but a list is any")
  func rolesAsText() async throws {
    for (json, roles) in [
      (#""admin""#, ["admin"]), (#"["admin","user"]"#, ["admin", "user"]), (#""a b,c""#, ["a b,c"]),
      ("\"\"", nil), ("7", nil), ("{}", nil), ("[]", []),
    ] as [(String, [ByteText]?)] {
      #expect(
        try await authenticate(jwt(header, #"{"sub":"u1","roles":\#(json)}"#)).roles == roles, "\(json)")
    }
  }

  @Test("with several secrets a token of each is good, and of no other")
  func secrets() async throws {
    let live = try LiveAuthenticator(
      JWTAuthenticator(secrets: ["the first of two", "the second of two"]) { 1_000 })
    func user(_ secret: String) async throws -> ByteText? {
      let token = jwt(header, #"{"sub":"u1"}"#, secret: secret)
      return try await live.authenticate(ConnectRequest(parameters: ["token": ByteText(token)])).userID
    }
    #expect(try await user("the first of two") == "u1")
    #expect(try await user("the second of two") == "u1")
    await #expect(throws: AuthenticationRefused.self) { try await user("another of sixteen") }
    try live.replace(JWTAuthenticator(secrets: ["another of sixteen"]) { 1_000 })
    #expect(try await user("another of sixteen") == "u1")
    await #expect(throws: AuthenticationRefused.self) { try await user("the first of two") }
  }

  @Test(
    "a token that is not right lets nobody in",
    arguments: [
      (#"{"alg":"none"}"#, #"{"sub":"u1"}"#, "alg is not HS256"),
      (#"{"alg":"HS512"}"#, #"{"sub":"u1"}"#, "alg is not HS256"),
      (#"{"alg":"HS256"}"#, #"{"sub":""}"#, "has no user"), (#"{"alg":"HS256"}"#, #"{}"#, "has no user"),
      (#"{"alg":"HS256"}"#, #"{"sub":"u1","exp":900}"#, "has expired"),
      (#"{"alg":"HS256"}"#, #"{"sub":"u1","exp":"never"}"#, "exp must be a number"),
      (#"{"alg":"HS256"}"#, #"{"sub":"u1","nbf":2000}"#, "not valid yet"),
      (#"{"alg":"HS256","crit":["exp"],"exp":1}"#, #"{"sub":"u1"}"#, "has crit"),
      (#"{"alg":"HS256","crit":[]}"#, #"{"sub":"u1"}"#, "has crit"),
      (#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, #"{"sub":"u1"}"#, "has crit"),
      (#"{"alg":"HS256"}"#, "[1]", "cannot be read"), ("x", #"{"sub":"u1"}"#, "header cannot be read"),
    ])
  func refused(_ header: String, _ claims: String, _ reason: String) async throws {
    do {
      _ = try await authenticate(jwt(header, claims))
      Issue.record("let in")
    } catch let error as AuthenticationRefused {
      #expect(error.description.contains(reason), "\(error)")
    }
  }

  @Test("a wrong signature, a missing token and garbage let nobody in")
  func garbage() async throws {
    let good = jwt(header, #"{"sub":"u1"}"#)
    for token in [
      nil, "", "x", "a.b.c", "..", good + "x", jwt(header, #"{"sub":"u1"}"#, secret: "other"),
      String(good.dropLast(2)),
    ] {
      await #expect(throws: AuthenticationRefused.self) { try await authenticate(token) }
    }
  }

  @Test("issuer and audience are compared when they are set")
  func audience() async throws {
    let token = jwt(header, #"{"sub":"u1","iss":"me","aud":["x","gateway"]}"#)
    _ = try await authenticate(token) {
      $0.issuer = "me"
      $0.audience = "gateway"
    }
    await #expect(throws: AuthenticationRefused.self) { try await authenticate(token) { $0.issuer = "you" } }
    await #expect(throws: AuthenticationRefused.self) { try await authenticate(token) { $0.audience = "y" } }
  }

  @Test("the token may be a parameter, a header, or phoenix.js's subprotocol")
  func places() {
    #expect(ConnectRequest(parameters: ["token": "a"]).token == "a")
    #expect(ConnectRequest(headers: ["authorization": "Bearer b"]).token == "b")
    #expect(ConnectRequest(parameters: ["token": "a"], bearerToken: "c").token == "c")
    #expect(ConnectRequest().token == nil)
  }

  @Test(
    "Base64 of URLs",
    arguments: [
      ("", []), ("_w", [255]), ("_w==", [255]), ("AAEC", [0, 1, 2]), ("-_8", [251, 255]), ("A", nil),
      ("A*", nil),
      ("AB", nil), ("A=A", nil),
    ] as [(String, [UInt8]?)])
  func base64(_ text: String, _ bytes: [UInt8]?) { #expect(Base64URL.decode(text) == bytes) }

  @Test("origins: same host, loopback, lists and wildcards")
  func origins() {
    let own = OriginPolicy.sameHostOrLoopback
    #expect(own.allows(origin: nil, host: "api.example.org"))
    #expect(own.allows(origin: "https://api.example.org", host: "api.example.org:4700"))
    #expect(
      own.allows(origin: "http://localhost:3000", host: "x")
        && own.allows(origin: "http://[::1]:1", host: "x"))
    #expect(!own.allows(origin: "https://evil.example", host: "api.example.org"))
    #expect(!own.allows(origin: "null", host: "api.example.org"))
    let list = OriginPolicy.list(["https://example.org", "//*.example.com"])
    #expect(
      list.allows(origin: "https://example.org", host: nil)
        && !list.allows(origin: "http://example.org", host: nil))
    #expect(
      list.allows(origin: "http://a.example.com", host: nil)
        && !list.allows(origin: "http://example.com", host: nil))
    #expect(!list.allows(origin: "http://evilexample.com", host: nil))
  }

  @Test("an issuer or audience that is empty would refuse every token: it is refused itself")
  func emptyIssuer() throws {
    var authenticator = try JWTAuthenticator(secret: "a secret that is long enough for it")
    authenticator.issuer = ""
    #expect(
      throws: AuthenticatorError.invalid(setting: "issuer", value: "\"\"", allowed: "a text, or nil for any")
    ) {
      try authenticator.validate()
    }
    authenticator.issuer = nil
    authenticator.audience = ""
    #expect(throws: AuthenticatorError.self) { try authenticator.validate() }
  }
}
