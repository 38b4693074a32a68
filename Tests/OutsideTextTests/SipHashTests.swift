import Testing

@testable import OutsideText

@Suite("A text's hash is keyed")
struct SipHashTests {
  /// Of the bytes 0, 1, 2 … under the key of the bytes 0 to 15: one for each length from 0 to 23, as CPython's SipHash-1-3
  /// computes them.
  private static let known: [UInt64] = [
    0xABAC_0158_050F_C4DC, 0xC9F4_9BF3_7D57_CA93, 0x82CB_9B02_4DC7_D44D, 0x8BF8_0AB8_E7DD_F7FB,
    0xCF75_5760_88D3_8328, 0xDEF9_D52F_4953_3B67, 0xC50D_2B50_C59F_22A7, 0xD392_7D98_9BB1_1140,
    0x3690_9511_8D29_9A8E, 0x25A4_8EB3_6C06_3DE4, 0x79DE_85EE_92FF_097F, 0x70C1_18C1_F94D_C352,
    0x78A3_84B1_57B4_D9A2, 0x306F_760C_1229_FFA7, 0x605A_A111_C0F9_5D34, 0xD320_D86D_2A51_9956,
    0xCC4F_DD1A_7D90_8B66, 0x9CF2_6890_63DB_D80C, 0x8FFC_389C_B473_E63E, 0xF21F_9DE5_8D29_7D1C,
    0xC0DC_2F46_A6CC_E040, 0xB992_ABFE_2B45_F844, 0x7FFE_7B9B_A320_872E, 0x525A_0E7F_DAE6_C123,
  ]

  @Test("texts of every length up to three words hash as others compute it")
  func vectors() {
    for (length, hash) in Self.known.enumerated() {
      let bytes = (0..<length).map { UInt8($0) }
      bytes.withUnsafeBytes {
        #expect(SipHash.hash($0, (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)) == hash, "\(length) bytes")
      }
    }
  }

  @Test("the same text in other memory is equal, and found", arguments: [0, 1, 7, 8, 14, 15, 16, 40])
  func storage(length: Int) {
    let text = String(repeating: "x", count: length)
    // In memory of its own, however short it is.
    var roomy = ""
    roomy.reserveCapacity(100)
    roomy += text
    let part = ByteText(("y" + text + "y").dropFirst().dropLast())
    let set: Set<ByteText> = [ByteText(text)]
    for other in [ByteText(roomy), part] {
      #expect(other == ByteText(text))
      #expect(other.hashValue == ByteText(text).hashValue)
      #expect(set.contains(other))
    }
  }

  @Test("another key makes other hashes")
  func keys() {
    let bytes = Array("service".utf8)
    let hashes = [(0, 0), (0, 1), (1, 0)].map { key in bytes.withUnsafeBytes { SipHash.hash($0, key) } }
    #expect(Set(hashes).count == 3)
    let texts = (0..<1_000).map { ByteText("user_\($0)") }
    #expect(Set(texts.map(\.hashValue)).count == 1_000)
  }
}
