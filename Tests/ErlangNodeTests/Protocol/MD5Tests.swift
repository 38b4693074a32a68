import Crypto
import Testing

@testable import ErlangNode

@Suite("The digest of challenges")
struct MD5Tests {
  @Test(
    "the suite of RFC 1321",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func suite(_ message: String, _ digest: String) {
    let bytes = MD5.digest(Array(message.utf8))
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digest)
  }

  @Test("messages of every length up to four blocks have the digest that a library computes")
  func lengths() {
    for length in 0...256 {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
      #expect(MD5.digest(message) == Array(Insecure.MD5.hash(data: message)), "\(length) bytes")
    }
  }
}
