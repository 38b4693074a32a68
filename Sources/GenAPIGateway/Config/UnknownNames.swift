import GenAPIValue
import Logging

/// Tells of names in configs from other nodes that this gateway does not know: of fields and of arguments' options.
enum UnknownNames {
  /// So many are told.
  private static let most = 20

  static func distinct(_ names: [ByteText]) -> [ByteText] {
    let distinct = Set(names).sorted()
    guard distinct.count > most else { return distinct }
    return distinct.prefix(most) + ["… and \(distinct.count - most) more"]
  }

  static func tell(_ names: [ByteText], of service: ByteText, to logger: Logger) {
    guard !names.isEmpty else { return }
    logger.notice(
      "a service's configs have fields that this gateway does not know, and are taken without them",
      metadata: ["service": "\(service)", "fields": "\(names.joined(separator: ", "))"])
  }
}
