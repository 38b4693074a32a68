/// JSON for people's terminals and for programs: nothing in it acts on a terminal or hides, and it says the same.
public enum JSONShown {
  /// The same JSON with what is hidden inside its strings as `\u` escapes.
  ///
  /// Outside of strings valid JSON has ASCII only, and control characters below 32 are escaped already, so each
  /// character may be looked at for itself.
  public static func escaping(_ json: some Collection<UInt8>) -> [UInt8] {
    if json.allSatisfy({ $0 < 0x7F }) { return Array(json) }
    var result: [UInt8] = []
    result.reserveCapacity(json.count + 64)
    for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
      if scalar.value >= 0x7F, scalar.isHidden {
        for unit in String(scalar).utf16 { append(unit, to: &result) }
      } else {
        result += UTF8.encode(scalar)!
      }
    }
    return result
  }

  private static func append(_ unit: UInt16, to result: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    result +=
      Array("\\u".utf8) + [UInt8](repeating: UInt8(ascii: "0"), count: 4 - digits.count) + Array(digits.utf8)
  }
}
