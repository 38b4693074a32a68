import Crypto
import CryptoExtras
import Foundation

/// Signs tokens as an identity provider does, and tells its public key.
public struct TestSigner: Sendable {
  public enum Key: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
  }

  public let key: Key
  public let kid: String?

  public init(_ key: Key, kid: String?) {
    self.key = key
    self.kid = kid
  }

  /// Made once a process: an RSA key takes its time.
  public static let rsa = TestSigner(.rsa(try! _RSA.Signing.PrivateKey(keySize: .bits2048)), kid: "rsa-1")
  public static let otherRSA = TestSigner(
    .rsa(try! _RSA.Signing.PrivateKey(keySize: .bits2048)), kid: "rsa-2")
  public static let p256 = TestSigner(.p256(P256.Signing.PrivateKey()), kid: "ec-1")
  public static let otherP256 = TestSigner(.p256(P256.Signing.PrivateKey()), kid: "ec-2")

  public var algorithm: String {
    switch key {
    case .rsa: "RS256"
    case .p256: "ES256"
    }
  }

  /// The members of the public key as a JSON Web Key, with more or others.
  public func jwk(_ more: [String: Any?] = [:]) -> [String: Any] {
    var members: [String: Any?]
    switch key {
    case .rsa(let key):
      let parts = try! key.publicKey.getKeyPrimitives()
      members = [
        "kty": "RSA", "n": Self.encode(parts.modulus), "e": Self.encode(parts.publicExponent),
      ]
    case .p256(let key):
      let point = key.publicKey.x963Representation.dropFirst()
      members = [
        "kty": "EC", "crv": "P-256", "x": Self.encode(point.prefix(32)), "y": Self.encode(point.suffix(32)),
      ]
    }
    members["kid"] = kid
    members.merge(more) { $1 }
    return members.compactMapValues { $0 }
  }

  /// A JSON Web Key Set.
  public static func set(_ keys: [[String: Any]]) -> String {
    String(decoding: try! JSONSerialization.data(withJSONObject: ["keys": keys]), as: UTF8.self)
  }

  public static func set(_ signers: TestSigner...) -> String { set(signers.map { $0.jwk() }) }

  /// A token of these claims.
  ///
  /// - Parameter header: nil for the one that belongs to the key.
  public func token(_ claims: String, header: String? = nil) -> String {
    let kid = kid.map { ",\"kid\":\"\($0)\"" } ?? ""
    let header = header ?? "{\"alg\":\"\(algorithm)\"\(kid)}"
    let signed = Self.encode(Data(header.utf8)) + "." + Self.encode(Data(claims.utf8))
    return signed + "." + Self.encode(signature(of: Data(signed.utf8)))
  }

  private func signature(of bytes: Data) -> Data {
    switch key {
    case .rsa(let key):
      try! key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation
    case .p256(let key): try! key.signature(for: bytes).rawRepresentation
    }
  }

  /// The public key in the forms in which somebody could take it for a secret.
  public var publicTexts: [[UInt8]] {
    let own: [[UInt8]] =
      switch key {
      case .rsa(let key):
        [
          Array(key.publicKey.pemRepresentation.utf8), Array(key.publicKey.derRepresentation),
          Array(try! key.publicKey.getKeyPrimitives().modulus),
        ]
      case .p256(let key):
        [
          Array(key.publicKey.pemRepresentation.utf8), Array(key.publicKey.derRepresentation),
          Array(key.publicKey.rawRepresentation),
        ]
      }
    return own + [Array(text(of: jwk()).utf8)]
  }

  public func text(of members: [String: Any]) -> String {
    String(decoding: try! JSONSerialization.data(withJSONObject: members), as: UTF8.self)
  }

  /// A token signed with a secret.
  public static func hmac(_ claims: String, header: String, secret: [UInt8]) -> String {
    let signed = encode(Data(header.utf8)) + "." + encode(Data(claims.utf8))
    return signed + "."
      + encode(
        Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: secret))))
  }

  public static func encode(_ bytes: some DataProtocol) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
  }
}
