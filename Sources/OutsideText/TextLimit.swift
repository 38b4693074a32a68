/// How long texts from outside may be, in bytes.
public enum TextLimit {
  /// A name: of a service, a function, a version, a request, a device, an argument, a topic, an event, a user, a node.
  @inlinable public static var name: Int { 256 }
  /// A text for people that is kept or emitted: an error, a reason.
  @inlinable public static var text: Int { 1_024 }
}
