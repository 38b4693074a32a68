import Crypto
import GenAPIChannels
import GenAPITokens
import GenAPIValue
import JWTKit

/// A public key of a set: RFC 7517, section 4, and RFC 7518, section 6.
struct WebKey: Sendable {
  enum Algorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case es256 = "ES256"

  }

  let id: ByteText?
  let algorithm: Algorithm
  private let verifier: WebKeyVerifier

  /// Fewer can be broken, and more are slow to verify with: RFC 7518, section 3.3, has the lower end.
  private static let modulusBits = 2_048...8_192

  /// - Returns: nil for a key that is for encryption.
  /// - Throws: for one that is of no use here, with the reason.
  init?(_ value: Value) throws(WebKeyFault) {
    guard value.object != nil else { throw WebKeyFault("is no object") }
    switch value["kty"]?.string {
    case "RSA": algorithm = .rs256
    case "EC": algorithm = .es256
    case "oct": throw WebKeyFault("is a secret; a set of public keys holds none")
    case .some(let kind): throw WebKeyFault("is of the kind \"\(kind.cut(bytes: 64))\", which is not known")
    case nil: throw WebKeyFault("has no kty")
    }
    guard value["d"] == nil else { throw WebKeyFault("is a private key; only its public part belongs here") }
    guard value["kid"] == nil || value["kid"]?.string != nil else {
      throw WebKeyFault("has a kid that is no text")
    }
    id = value["kid"]?.string
    if let use = value["use"]?.string, use != "sig" { return nil }
    if let operations = value["key_ops"]?.array, !operations.contains("verify") { return nil }
    if let wanted = value["alg"]?.string, wanted != ByteText(algorithm.rawValue) {
      // Providers list keys for encryption by these names, with or without a use.
      if wanted.hasPrefix("RSA") || wanted.hasPrefix("ECDH") { return nil }
      throw WebKeyFault("is for \"\(wanted.cut(bytes: 64))\", which is not known")
    }
    switch algorithm {
    case .rs256:
      let (modulus, exponent) = (try Self.field("n", of: value), try Self.field("e", of: value))
      guard let bytes = Base64URL.decode(modulus)?.drop(while: { $0 == 0 }), let first = bytes.first else {
        throw WebKeyFault("has an n that is no number")
      }
      let bits = bytes.count * 8 - first.leadingZeroBitCount
      guard Self.modulusBits.contains(bits) else {
        let range = "\(Self.modulusBits.lowerBound) to \(Self.modulusBits.upperBound)"
        throw WebKeyFault("has \(bits) bits, and may have \(range)")
      }
      guard (try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)) != nil else {
        throw WebKeyFault("has an n and an e that are no RSA key")
      }
      verifier = WebKeyVerifier(
        .rsa(.rs256, identifier: "key", modulus: modulus, exponent: exponent), .rs256)
    case .es256:
      guard value["crv"]?.string == "P-256" else { throw WebKeyFault("is of another curve than P-256") }
      let (x, y) = (try Self.field("x", of: value), try Self.field("y", of: value))
      guard (try? ES256PublicKey(parameters: (x, y))) != nil else {
        throw WebKeyFault("has an x and a y that are no point of P-256")
      }
      verifier = WebKeyVerifier(.ecdsa(.es256, identifier: "key", x: x, y: y, curve: .p256), .es256)
    }
  }

  func isValid(_ signature: [UInt8], of signed: [UInt8]) async -> Bool {
    // Whatever is no signature at all makes it throw.
    (try? await verifier.algorithm.verify(signature, signs: signed)) ?? false
  }

  private static func field(_ name: ByteText, of value: Value) throws(WebKeyFault) -> String {
    guard let text = value[name]?.string, !text.isEmpty else { throw WebKeyFault("has no \(name)") }
    return text.string
  }
}

/// What is wrong with one key.
struct WebKeyFault: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The verifier that JWTKit makes of a key, once it is needed.
///
/// Made from a collection that holds this key alone: a collection of several takes its first key for a `kid` that it does
/// not know.
private actor WebKeyVerifier {
  private let key: JWK
  private let name: JWK.Algorithm
  private var made: (any JWTAlgorithm)?

  init(_ key: JWK, _ name: JWK.Algorithm) {
    self.key = key
    self.name = name
  }

  var algorithm: any JWTAlgorithm {
    get async throws {
      if let made { return made }
      let algorithm = try await JWTKeyCollection().add(jwk: key).getKey(alg: name.rawValue)
      made = algorithm
      return algorithm
    }
  }
}
