import Crypto
import Foundation

/// Signs tokens as others do.
enum TokenMaker {
  static func jwt(header: String, claims: String, secret: String) -> String {
    let signed = encode(Array(header.utf8)) + "." + encode(Array(claims.utf8))
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(signed.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return signed + "." + encode(Array(code))
  }

  private static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
  }
}
