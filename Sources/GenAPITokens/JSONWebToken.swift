import GenAPIChannels
import GenAPIValue

/// A JSON Web Token whose form is right (RFC 7515, section 7.1) and whose signature nobody has looked at yet.
public struct JSONWebToken: Sendable {
  /// `alg`: what it says it is signed with, which is for its keys to judge.
  public let algorithm: ByteText
  /// `kid`: the name of the key that signed it.
  public let keyID: ByteText?
  /// The signature's bytes.
  public let signature: [UInt8]
  /// What the signature is of.
  public let signed: [UInt8]
  let payload: [UInt8]

  /// Tokens of identity providers with many claims have some thousand. A longer one is not read.
  public static let mostBytes = 16_384

  /// - Throws: `AuthenticationRefused` saying what is wrong with it; never the token itself.
  init(_ token: ByteText) throws(AuthenticationRefused) {
    guard token.byteCount <= Self.mostBytes else {
      throw AuthenticationRefused("the token has more than \(Self.mostBytes) bytes")
    }
    let parts = token.split(separator: UInt8(ascii: "."))
    // RFC 7515, section 2: no padding and no other letters, or one token had several spellings.
    guard parts.count == 3,
      let header = Base64URL.decodeExactly(parts[0].string),
      let payload = Base64URL.decodeExactly(parts[1].string),
      let signature = Base64URL.decodeExactly(parts[2].string)
    else { throw AuthenticationRefused("the token is no JWT") }
    guard let header = try? Value(json: header), let algorithm = header["alg"]?.string else {
      throw AuthenticationRefused("the token's header cannot be read")
    }
    // Extensions that must be understood (RFC 7515, section 4.1.11); none is.
    guard header["crit"] == nil else {
      throw AuthenticationRefused("the token's header has crit, and no extension is understood")
    }
    guard header["kid"] == nil || header["kid"]?.string != nil else {
      throw AuthenticationRefused("the token's kid is no text")
    }
    self.algorithm = algorithm
    keyID = header["kid"]?.string
    self.payload = payload
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }
}
