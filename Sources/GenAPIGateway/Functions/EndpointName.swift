import GenAPIValue

/// How the functions of endpoints are named: `Swift.SERVICE.REQUEST_TYPE`, followed by `@` and the version where there is one.
///
/// No two endpoints have one name: what divides the parts (`.`, `@`, `#`) is written `%2E`, `%40` and `%23` inside of them, and `%` itself
/// `%25`. The endpoint `users.list` of the service `shop` is `Swift.shop.users%2Elist`, the endpoint `list` of `shop.users` is
/// `Swift.shop%2Eusers.list`.
enum EndpointName {
  /// What the functions of a service have as their module: `Swift.SERVICE`.
  static func module(of service: ByteText) -> ByteText { "Swift.\(escaped(service))" }

  /// The function of an endpoint, or its hook or callback.
  ///
  /// - Parameter kind: what it is, as `#before`; empty for the function itself.
  static func reference(
    service: ByteText, _ requestType: ByteText, version: ByteText?, kind: ByteText
  ) -> FunctionReference {
    // Nothing comes behind a version but the kind, so its dots divide nothing.
    let version: ByteText = version.map { "@" + escaped($0, but: UInt8(ascii: ".")) } ?? ""
    return FunctionReference(module(of: service), escaped(requestType) + version + kind)
  }

  /// Whether a name is that of an endpoint's function, hook or callback: nothing else may be called so.
  static func isOne(_ name: ByteText) -> Bool { name.hasPrefix("Swift.") }

  /// What the name of a service, and those of a request type and a version, come to at most: each byte may be written as three.
  static let mostBytes = (module: 6 + 3 * TextLimit.name, function: 6 * TextLimit.name + 16)

  private static func escaped(_ part: ByteText, but kept: UInt8? = nil) -> ByteText {
    func divides(_ byte: UInt8) -> Bool {
      byte != kept
        && [UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "%")].contains(byte)
    }
    guard part.utf8.contains(where: divides) else { return part }
    var bytes: [UInt8] = []
    for byte in part.utf8 {
      if divides(byte) {
        bytes.append(UInt8(ascii: "%"))
        bytes += Array(String(byte, radix: 16, uppercase: true).utf8)
      } else {
        bytes.append(byte)
      }
    }
    return ByteText(decoding: bytes)
  }
}
