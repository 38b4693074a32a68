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
    let fields = WebKeyFields(value)
    let kind = try fields.text("kty")
    id = try fields.id()
    let (use, operations) = (try fields.text("use"), try fields.texts("key_ops"))
    let wanted = try fields.text("alg")
    switch kind {
    case "RSA": algorithm = .rs256
    case "EC": algorithm = .es256
    case "oct": throw WebKeyFault("is a secret; a set of public keys holds none")
    case .some(let kind): throw WebKeyFault("is of the kind \"\(kind.cut(bytes: 64))\", which is not known")
    case nil: throw WebKeyFault("has no kty")
    }
    guard !fields.has("d") else { throw WebKeyFault("is a private key; only its public part belongs here") }
    if let use, use != "sig" { return nil }
    if let operations, !operations.contains("verify") { return nil }
    if let wanted, wanted != ByteText(algorithm.rawValue) {
      // Providers list keys for encryption by these names, with or without a use.
      if wanted.hasPrefix("RSA") || wanted.hasPrefix("ECDH") { return nil }
      let kind = algorithm == .rs256 ? "an RSA key" : "an EC key"
      throw WebKeyFault(
        "is \(kind), and its alg is \"\(wanted.cut(bytes: 64))\"; of \(kind) only \(algorithm.rawValue) is taken"
      )
    }
    switch algorithm {
    case .rs256:
      let (n, e) = (try fields.number("n"), try fields.number("e"))
      let (modulus, exponent) = (n.text, e.text)
      let bytes = n.bytes.drop { $0 == 0 }
      guard let first = bytes.first else { throw WebKeyFault("has an n that is 0") }
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
      guard try fields.text("crv") == "P-256" else { throw WebKeyFault("is of another curve than P-256") }
      let (x, y) = (try fields.number("x").text, try fields.number("y").text)
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
