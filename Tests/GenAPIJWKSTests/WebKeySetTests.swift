import Foundation
import GenAPIChannels
import GenAPIValue
import TestSigners
import Testing

@testable import GenAPIJWKS
@testable import GenAPITokens

@Suite("Keys that others publish")
struct WebKeySetTests {
  private static let claims = #"{"sub":"u1","exp":2000}"#

  private func user(_ token: String, _ keys: any TokenKeys...) async throws -> ByteText? {
    try await JWTAuthenticator(keys: keys) { 1_000 }
      .authenticate(ConnectRequest(parameters: ["token": ByteText(token)])).userID
  }

  /// Why nobody is let in.
  private func refusal(_ token: String, _ keys: any TokenKeys...) async -> String {
    do {
      _ = try await JWTAuthenticator(keys: keys) { 1_000 }
        .authenticate(ConnectRequest(parameters: ["token": ByteText(token)]))
      return "let in"
    } catch {
      return "\(error)"
    }
  }

  @Test("verify RS256 and ES256", arguments: [TestSigner.rsa, .p256])
  func good(signer: TestSigner) async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa, .otherRSA, .p256, .otherP256))
    #expect(keys.algorithms == ["RS256", "ES256"])
    #expect(try await user(signer.token(Self.claims), keys) == "u1")
    // Once more with the verifier that was made for the first.
    #expect(try await user(signer.token(Self.claims), keys) == "u1")
    #expect(await refusal(signer.token(#"{"sub":"u1","exp":900}"#), keys) == "the token has expired")
  }

  @Test(
    "are chosen by kid: a good signature of another key of the set lets nobody in",
    arguments: [
      (TestSigner.rsa, "rsa-2"), (.p256, "ec-2"),
    ])
  func kid(signer: TestSigner, other: String) async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa, .otherRSA, .p256, .otherP256))
    func token(_ kid: String) -> String {
      signer.token(Self.claims, header: #"{"alg":"\#(signer.algorithm)"\#(kid)}"#)
    }
    #expect(await refusal(token(",\"kid\":\"\(other)\""), keys) == "the token's signature is wrong")
    #expect(await refusal(token(#","kid":"nobody's""#), keys) == "the token's key is not in the set of keys")
    #expect(
      await refusal(token(""), keys) == "the token has no kid, and several keys could be meant")
    #expect(await refusal(token(#","kid":7"#), keys) == "the token's kid is no text")
    // The one key of an algorithm needs no name.
    #expect(try await user(token(""), WebKeySet(json: TestSigner.set(.rsa, .p256))) == "u1")
  }

  @Test("of one algorithm are never tried for another, whatever the token says")
  func confusion() async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa, .p256))
    for (header, reason) in [
      (#"{"alg":"none"}"#, "the token's alg is not RS256, ES256"),
      (#"{"alg":"None","kid":"rsa-1"}"#, "the token's alg is not RS256, ES256"),
      (#"{"alg":"RS512","kid":"rsa-1"}"#, "the token's alg is not RS256, ES256"),
      (#"{"alg":"PS256","kid":"rsa-1"}"#, "the token's alg is not RS256, ES256"),
      (#"{"alg":"ES256","kid":"rsa-1"}"#, "the token's key is not in the set of keys"),
      (#"{"alg":"ES256","kid":"ec-1"}"#, "the token's signature is wrong"),
      (#"{"alg":"RS256","kid":"ec-1"}"#, "the token's key is not in the set of keys"),
      (#"{"alg":"RS256","kid":"rsa-1","crit":["exp"]}"#, "the token's header has crit"),
    ] {
      let found = await refusal(TestSigner.rsa.token(Self.claims, header: header), keys)
      #expect(found.hasPrefix(reason), "\(header): \(found)")
    }
  }

  @Test("are no secret for HS256, with and without secrets beside them")
  func secretOfPublicKey() async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa, .p256))
    let secrets = try JWTAuthenticator.secrets(["a secret of twenty-four"])
    for secret in TestSigner.rsa.publicTexts + TestSigner.p256.publicTexts {
      let forged = TestSigner.hmac(Self.claims, header: #"{"alg":"HS256","kid":"rsa-1"}"#, secret: secret)
      #expect(await refusal(forged, keys) == "the token's alg is not RS256, ES256")
      #expect(await refusal(forged, secrets, keys) == "the token's signature is wrong")
    }
    let signed = TestSigner.hmac(
      Self.claims, header: #"{"alg":"HS256"}"#, secret: Array("a secret of twenty-four".utf8))
    #expect(try await user(signed, secrets, keys) == "u1")
    #expect(try await user(TestSigner.rsa.token(Self.claims), secrets, keys) == "u1")
  }

  @Test("are never taken from the token")
  func ownKey() async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa))
    let stranger = TestSigner.otherRSA
    let jwk = stranger.text(of: stranger.jwk(["kid": "rsa-1"]))
    for more in [
      #""jwk":\#(jwk)"#, #""jku":"https://evil.example/keys""#, #""x5u":"https://evil.example/c""#,
      #""x5c":["AA=="]"#,
    ] {
      let token = stranger.token(Self.claims, header: #"{"alg":"RS256","kid":"rsa-1",\#(more)}"#)
      #expect(await refusal(token, keys) == "the token's signature is wrong")
    }
  }

  @Test(
    "let in nobody whose claims or signature were changed, cut or made longer",
    arguments: [
      TestSigner.rsa, .p256,
    ])
  func changed(signer: TestSigner) async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa, .p256))
    let parts = signer.token(Self.claims).split(separator: ".").map(String.init)
    let others = TestSigner.encode(Array(#"{"sub":"admin"}"#.utf8))
    for token in [
      "\(parts[0]).\(others).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
      "\(parts[0]).\(parts[1]).AAAA", "\(parts[0]).\(parts[1]).\(parts[2])AAAA",
      "\(parts[0]).\(parts[1]).\(parts[2].dropLast(4))", "\(parts[0]).\(parts[1]).\(parts[2])=",
      "\(parts[0]).\(parts[1]).\(TestSigner.encode([UInt8](repeating: 0, count: 64)))",
      "\(parts[0]).\(parts[1]).\(TestSigner.encode([UInt8](repeating: 0, count: 256)))",
    ] {
      #expect(await refusal(token, keys) != "let in", "\(token)")
    }
  }

  @Test("are not asked about a token that is longer than any")
  func tooLong() async throws {
    let keys = try WebKeySet(json: TestSigner.set(.rsa))
    let token = TestSigner.rsa.token(#"{"sub":"u1","x":"\#(String(repeating: "x", count: 20_000))"}"#)
    #expect(await refusal(token, keys) == "the token has more than 16384 bytes")
  }

  @Test("may be among others, which are passed over")
  func others() async throws {
    let keys = try WebKeySet(
      json: TestSigner.set([
        TestSigner.otherRSA.jwk(["use": "enc"]), TestSigner.otherRSA.jwk(["alg": "RS512"]),
        TestSigner.otherRSA.jwk(["key_ops": ["sign"]]), TestSigner.p256.jwk(["crv": "P-384"]),
        ["kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "ed"], ["kty": "new", "kid": "x"],
        TestSigner.rsa.jwk(["use": "sig", "alg": "RS256", "x5t": "AA", "key_ops": ["verify"]]),
      ]))
    #expect(keys.algorithms == ["RS256"])
    // What providers list beside, for encryption, is nothing to tell of.
    #expect(
      keys.notes == [
        "keys[1] (\"rsa-2\") is an RSA key, and its alg is \"RS512\"; of an RSA key only RS256 is taken",
        "keys[3] (\"ec-1\") is of another curve than P-256",
        "keys[4] (\"ed\") is of the kind \"OKP\", which is not known",
        "keys[5] (\"x\") is of the kind \"new\", which is not known",
      ])
    #expect(try await user(TestSigner.rsa.token(Self.claims), keys) == "u1")
    #expect(
      await refusal(TestSigner.otherRSA.token(Self.claims), keys)
        == "the token's key is not in the set of keys")
  }

  @Test("with a fault are passed over alone: the others of the set go on, and the log is told")
  func passedOver() async throws {
    for (wrong, note) in [
      (["kty": "oct", "k": "AA"], "keys[1] is a secret"),
      (TestSigner.otherRSA.jwk(["d": "AA"]), "keys[1] (\"rsa-2\") is a private key"),
      (TestSigner.otherRSA.jwk(["n": nil]), "keys[1] (\"rsa-2\") has no n"),
      (
        TestSigner.otherRSA.jwk(["n": TestSigner.encode([UInt8](repeating: 255, count: 128))]),
        "keys[1] (\"rsa-2\") has 1024 bits"
      ),
      (TestSigner.rsa.jwk(), "keys[1] (\"rsa-1\") has the kid of one before it"),
      (TestSigner.p256.jwk(["crv": "P-521"]), "keys[1] (\"ec-1\") is of another curve"),
    ] as [([String: Any], String)] {
      let keys = try WebKeySet(json: TestSigner.set([TestSigner.rsa.jwk(), wrong]))
      #expect(keys.notes.count == 1 && keys.notes[0].hasPrefix(note), "\(keys.notes)")
      #expect(try await user(TestSigner.rsa.token(Self.claims), keys) == "u1")
      #expect(await refusal(TestSigner.otherRSA.token(Self.claims), keys) != "let in")
    }
  }

  @Test(
    "with a member of another kind than it must be are passed over, and the log names the key and the member")
  func kinds() async throws {
    let long = String(repeating: "k", count: 257)
    for (members, note) in [
      (["kty": 1], "(\"rsa-2\") has in kty a number instead of a text"),
      (["alg": 1], "(\"rsa-2\") has in alg a number instead of a text"),
      (["alg": ["RS256"]], "(\"rsa-2\") has in alg an array instead of a text"),
      (["use": 1], "(\"rsa-2\") has in use a number instead of a text"),
      (["use": true], "(\"rsa-2\") has in use a boolean instead of a text"),
      (["key_ops": "verify"], "(\"rsa-2\") has in key_ops a string instead of a list of texts"),
      (["key_ops": ["verify", 1]], "(\"rsa-2\") has in key_ops what is no text"),
      (["kid": 2], "has in kid a number instead of a text"),
      (["kid": ""], "(\"\") has a kid of 0 bytes, and may have 1 to 256"),
      (
        ["kid": long],
        "(\"\(long.prefix(44))… (cut, 257 bytes)\") has a kid of 257 bytes, and may have 1 to 256"
      ),
      (["n": 7], "(\"rsa-2\") has in n a number instead of a text"),
      (["e": "AQAB="], "(\"rsa-2\") has in e what is no base64url without padding"),
      (["e": "AQ+B"], "(\"rsa-2\") has in e what is no base64url without padding"),
      (["e": "AQ B"], "(\"rsa-2\") has in e what is no base64url without padding"),
      (["n": "AA"], "(\"rsa-2\") has an n that is 0"),
      (["kty": "EC", "crv": 256], "(\"rsa-2\") has in crv a number instead of a text"),
    ] as [([String: Any], String)] {
      let keys = try WebKeySet(
        json: TestSigner.set([TestSigner.rsa.jwk(), TestSigner.otherRSA.jwk(members)]))
      #expect(keys.notes == ["keys[1] \(note)"])
      let token = TestSigner.otherRSA.token(Self.claims, header: #"{"alg":"RS256"}"#)
      #expect(await refusal(token, keys) == "the token's signature is wrong")
      #expect(try await user(TestSigner.rsa.token(Self.claims), keys) == "u1")
    }
    // null is absent, and members that nobody looks at are of any kind.
    let nulls =
      ["use": NSNull(), "alg": NSNull(), "key_ops": NSNull(), "d": NSNull(), "x5c": 7] as [String: Any]
    let keys = try WebKeySet(json: TestSigner.set([TestSigner.rsa.jwk(nulls)]))
    #expect(try await user(TestSigner.rsa.token(Self.claims), keys) == "u1" && keys.notes.isEmpty)
  }

  @Test("are refused when there is none to use, with the first that is wrong")
  func faults() {
    let none = "has no key for RS256 or ES256"
    for (text, reason) in [
      ("", "is no JSON Web Key Set, which is {\"keys\": [...]}"), ("[]", "is no JSON Web Key Set"),
      (
        "{\"keys\":[],\n\"keys\":[]}",
        "is not taken as a JSON Web Key Set: the key keys stands twice in one object, lines 1 and 2"
      ),
      (#"{"keys":{}}"#, "is no JSON Web Key Set"), (#"{"keys":[]}"#, none),
      (#"{"keys":[7]}"#, none + ": keys[0] is no object"),
      (#"{"keys":[{"kid":"a"}]}"#, none + ": keys[0] (\"a\") has no kty"),
      (TestSigner.set([["kty": "oct", "k": "AA"]]), none + ": keys[0] is a secret"),
      (
        TestSigner.set([TestSigner.rsa.jwk(["alg": 1]), TestSigner.p256.jwk(["use": 1]), ["kty": "new"]]),
        none + ": keys[0] (\"rsa-1\") has in alg a number instead of a text, and 2 more of no use"
      ),
      (TestSigner.set([TestSigner.rsa.jwk(["d": "AA"])]), none + ": keys[0] (\"rsa-1\") is a private key"),
      (
        TestSigner.set([TestSigner.rsa.jwk(["kid": 7])]),
        none + ": keys[0] has in kid a number instead of a text"
      ),
      (TestSigner.set([TestSigner.rsa.jwk(["n": nil])]), none + ": keys[0] (\"rsa-1\") has no n"),
      (
        TestSigner.set([TestSigner.rsa.jwk(["n": "*"])]),
        none + ": keys[0] (\"rsa-1\") has in n what is no base64url without padding"
      ),
      (
        TestSigner.set([TestSigner.rsa.jwk(["n": TestSigner.encode([UInt8](repeating: 255, count: 128))])]),
        none + ": keys[0] (\"rsa-1\") has 1024 bits, and may have 2048 to 8192"
      ),
      (
        TestSigner.set([TestSigner.rsa.jwk(["n": TestSigner.encode([UInt8](repeating: 255, count: 2_000))])]),
        none + ": keys[0] (\"rsa-1\") has 16000 bits"
      ),
      (
        TestSigner.set([TestSigner.rsa.jwk(["e": "AA"])]),
        none + ": keys[0] (\"rsa-1\") has an n and an e that are no RSA key"
      ),
      (
        TestSigner.set([TestSigner.p256.jwk(["x": "AA"])]),
        none + ": keys[0] (\"ec-1\") has an x and a y that are no point"
      ),
      (
        TestSigner.set((0...64).map { TestSigner.p256.jwk(["kid": "\($0)"]) }), "has 65 keys, and may have 64"
      ),
      (String(repeating: " ", count: 1 << 20) + "{}", "is larger than a set of keys can be"),
    ] as [(String, String)] {
      do {
        _ = try WebKeySet(json: text)
        Issue.record("taken: \(text.prefix(200))")
      } catch {
        #expect(error.description.hasPrefix(reason), "\(error) for \(text.prefix(200))")
      }
    }
  }
}
