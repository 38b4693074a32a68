/// How long texts from outside may be, in bytes.
public enum TextLimit {
  /// A name: of a service, a function, a version, a request, a device, an argument, a topic, an event, a user, a node.
  public static let name = 256
  /// A text for people that is kept or emitted: an error, a reason.
  public static let text = 1_024
}
