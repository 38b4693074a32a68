/// Of what kind the subject of an event is: which of service, request type and user it may have.
public struct EventSubjectParts: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It has a service.
  public static let service = Self(rawValue: 1)
  /// It has a request type.
  public static let requestType = Self(rawValue: 2)
  /// It has a user.
  public static let user = Self(rawValue: 4)
  /// All three, of one request.
  public static let request: Self = [.service, .requestType, .user, Self(rawValue: 8)]
  /// Every service and function there is.
  public static let everything = Self(rawValue: 16)
  /// It is about none of them.
  public static let nothing: Self = []
}

extension EventSubjectParts: CustomStringConvertible {
  /// As docs/events.md writes it: `service, user`.
  public var description: String {
    switch self {
    case .request: return "request"
    case .everything: return "everything"
    case .nothing: return "nothing"
    default:
      let words: [(Self, String)] = [(.service, "service"), (.requestType, "request type"), (.user, "user")]
      return words.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
  }
}
