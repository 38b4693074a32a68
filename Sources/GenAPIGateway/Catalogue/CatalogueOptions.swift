import GenAPIValue

/// What the callable examples of a catalogue are filled with.
public struct CatalogueOptions: Sendable {
  /// The user id of the examples.
  public var userID: ByteText = "user_1"
  /// The device id of the examples.
  public var deviceID: ByteText = "device_1"
  /// The request id of the examples.
  public var requestID: ByteText = "request_1"
  /// The channel event that carries requests.
  public var event: ByteText = "phoenix_gen_api"
  /// By request type; the function's own description, or else its name, when it has none here.
  public var descriptions: [ByteText: ByteText] = [:]
  /// By request type, then by argument: in place of the default values.
  public var argumentValues: [ByteText: ValueObject] = [:]

  public init() {}
}
