import GenAPIValue

/// Which of the two wire forms a client speaks, by the `vsn` of its connection request.
public enum SerializerVersion: Sendable, Equatable {
  /// An object with `topic`, `event`, `payload`, `ref` and `join_ref`.
  case one
  /// An array `[join_ref, ref, topic, event, payload]`, and binary frames.
  case two

  /// nil for a version this server does not speak. No version at all means 1.
  public init?(vsn: ByteText?) {
    switch vsn?.split(separator: UInt8(ascii: ".")).first {
    case nil, "1": self = .one
    case "2": self = .two
    default: return nil
    }
  }
}
