import Foundation

/// Text for a reader that may be slow, or gone.
enum StandardOutput {
  /// False when nobody reads any more: `genapi-top events | head`.
  static func write(_ bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      written += count
    }
    return true
  }

  static func write(_ text: String) -> Bool { write(text.utf8) }
}
