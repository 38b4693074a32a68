import Foundation
import GenAPIChannels
import GenAPIJWKS
import GenAPIValue
import TestSigners
import Testing

@testable import GenAPIServer

@Suite("Public keys in a file")
struct WebKeyTests {
  /// A folder with a configuration's file and one of keys.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    var keys: String { url.appendingPathComponent("keys.json").path }

    func write(_ text: String, mode: Int = 0o644) throws {
      let access: [FileAttributeKey: Any] = [.posixPermissions: mode]
      #expect(FileManager.default.createFile(atPath: keys, contents: Data(text.utf8), attributes: access))
    }

    func read(_ more: String = "", withKeys: Bool = true) throws(ConfigurationFaultList)
      -> ServerConfiguration
    {
      let reader: ServerConfiguration.WebKeyReader = { try WebKeySet(json: $0) }
      return try ServerConfiguration(
        toml: "[auth]\njwks_file = \"keys.json\"\n\(more)\n[websocket]\nlisten = \"127.0.0.1:0\"",
        file: url.appendingPathComponent("g.toml").path, environment: [:],
        webKeys: withKeys ? reader : nil)
    }

    func faults(_ more: String = "", withKeys: Bool = true) -> [String] {
      do {
        _ = try read(more, withKeys: withKeys)
        return []
      } catch {
        return error.faults.map { $0.description.replacing(url.path + "/", with: "") }
      }
    }
  }

  private static let claims = #"{"sub":"u1","exp":99999999999}"#

  private func user(_ token: String, by authenticator: any Authenticator) async -> ByteText? {
    try? await authenticator.authenticate(ConnectRequest(parameters: ["token": ByteText(token)])).userID
  }

  @Test("let in whom they signed for, with and without secrets beside them")
  func letIn() async throws {
    let folder = try Folder()
    try folder.write(TestSigner.set(.rsa, .p256))
    let configuration = try folder.read()
    #expect(configuration.warnings.isEmpty && configuration.secretFiles == [folder.keys])
    for signer in [TestSigner.rsa, .p256] {
      #expect(await user(signer.token(Self.claims), by: configuration.authenticator) == "u1")
    }
    #expect(await user(TestSigner.otherRSA.token(Self.claims), by: configuration.authenticator) == nil)
    let both = try folder.read("secret = \"sixteen bytes at least\"")
    let shared = TestSigner.hmac(
      Self.claims, header: #"{"alg":"HS256"}"#, secret: Array("sixteen bytes at least".utf8))
    #expect(await user(shared, by: both.authenticator) == "u1")
    #expect(await user(shared, by: configuration.authenticator) == nil)
    #expect(await user(TestSigner.rsa.token(Self.claims), by: both.authenticator) == "u1")
    let strict = try folder.read("issuer = \"me\"\naudience = \"gateway\"")
    #expect(await user(TestSigner.rsa.token(Self.claims), by: strict.authenticator) == nil)
    let named = TestSigner.rsa.token(#"{"sub":"u1","iss":"me","aud":["gateway"]}"#)
    #expect(await user(named, by: strict.authenticator) == "u1")
    let ending = try folder.read("requires_exp = true")
    #expect(await user(TestSigner.rsa.token(#"{"sub":"u1"}"#), by: ending.authenticator) == nil)
    #expect(
      await user(TestSigner.rsa.token(#"{"sub":"u1","exp":99999999999}"#), by: ending.authenticator) == "u1")
  }

  @Test("are read again with the secrets, and stay as they were while the file is wrong")
  func rotation() async throws {
    let folder = try Folder()
    try folder.write(TestSigner.set(.rsa))
    let old = try folder.read()
    let server = try GatewayServer(old, log: ServerLog(.critical))
    let authenticator = server.authenticator
    #expect(await user(TestSigner.rsa.token(Self.claims), by: authenticator) == "u1")
    try folder.write("{}")
    #expect(folder.faults().count == 1)
    #expect(await user(TestSigner.rsa.token(Self.claims), by: authenticator) == "u1")
    // A set of which every key is bad is a fault, as one without any.
    try folder.write(TestSigner.set([TestSigner.rsa.jwk(["alg": 1]), TestSigner.otherRSA.jwk(["use": 1])]))
    #expect(folder.faults().first?.contains("keys[0] (\"rsa-1\") has in alg a number") == true)
    #expect(await user(TestSigner.rsa.token(Self.claims), by: authenticator) == "u1")
    // Both are good while both are in the set: tokens of the old key end with their exp.
    try folder.write(TestSigner.set(.otherRSA, .rsa))
    #expect(try server.reload(try folder.read(), over: old).isEmpty)
    for signer in [TestSigner.rsa, .otherRSA] {
      #expect(await user(signer.token(Self.claims), by: authenticator) == "u1")
    }
    // Without it they let nobody in any more, however long they would live.
    try folder.write(TestSigner.set(.otherRSA))
    #expect(try server.reload(try folder.read(), over: old).isEmpty)
    #expect(await user(TestSigner.rsa.token(Self.claims), by: authenticator) == nil)
    #expect(await user(TestSigner.otherRSA.token(Self.claims), by: authenticator) == "u1")
  }

  @Test("of an unknown kind beside good ones are one line of the log, and the good ones are in force")
  func unknownKind() async throws {
    let folder = try Folder()
    try folder.write(
      TestSigner.set([["kty": "OKP", "kid": "ed"], ["kty": "AKP"], TestSigner.rsa.jwk()]))
    let configuration = try folder.read()
    #expect(
      configuration.warnings == [
        "auth.jwks_file: \"keys.json\": a key is passed over: keys[0] (\"ed\") is of the kind \"OKP\", which is not known"
          + " (and 1 more)"
      ])
    #expect(await user(TestSigner.rsa.token(Self.claims), by: configuration.authenticator) == "u1")
  }

  @Test("are a fault of the file's line when nobody can be let in with them")
  func faults() throws {
    let folder = try Folder()
    #expect(
      folder.faults() == [
        "g.toml:2: auth.jwks_file: \"keys.json\" (keys.json) cannot be read: No such file or directory"
      ])
    try folder.write(TestSigner.set([["kty": "oct", "k": "AA"]]))
    #expect(
      folder.faults() == [
        "g.toml:2: auth.jwks_file: \"keys.json\" has no key for RS256 or ES256: keys[0] is a secret; a set of public keys holds none"
      ])
    try folder.write(TestSigner.set(.rsa))
    #expect(
      folder.faults("mode = \"phoenix_token\"\nsecret = \"sixteen bytes at least\"") == [
        "g.toml:2: auth.jwks_file: is for mode jwt; mode phoenix_token reads no public keys"
      ])
    #expect(
      folder.faults("mode = \"phoenix_token\"\nsecret = \"sixteen bytes at least\"\nrequires_exp = true")
        .contains {
          $0.hasSuffix("auth.requires_exp: is for mode jwt; tokens of Phoenix end with auth.max_age_s")
        })
    #expect(
      folder.faults(withKeys: false) == [
        "g.toml:2: auth.jwks_file: this program was built without GenAPIJWKS, and can verify shared secrets only"
      ])
  }

  @Test("that others can change are warned of, for whoever changes them lets in whom they like")
  func access() throws {
    let folder = try Folder()
    try folder.write(TestSigner.set(.rsa), mode: 0o666)
    #expect(try folder.read().warnings.contains { $0.contains("can be written by others") })
  }
}
