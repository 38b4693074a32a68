import NIOHTTP1

extension HTTPHeaders {
  /// Without the spaces and tabs before and behind values, which are not part of them (RFC 9110, section 5.5). The parser leaves
  /// those behind.
  var withoutBlanks: HTTPHeaders {
    func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard contains(where: { isBlank($0.value.utf8.first) || isBlank($0.value.utf8.last) }) else {
      return self
    }
    return HTTPHeaders(
      map { name, value in
        var bytes = value.utf8.drop(while: isBlank)
        while isBlank(bytes.last) { bytes.removeLast() }
        return (name, String(Substring(bytes)))
      })
  }
}
