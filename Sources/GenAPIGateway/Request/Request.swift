import GenAPIValue

/// One call a client makes.
public struct Request: Sendable, Hashable {
  /// The verified user of the connection; nil when anonymous.
  public var userID: String?
  public var deviceID: String?
  public var requestType: String
  public var requestID: String
  public var service: String
  public var args: ValueObject
  /// From the connection's verified state only, never from a payload.
  public var userRoles: [String]?
  /// nil when the client named no version.
  public var version: String?
  /// The peer's address, set by the transport.
  public var ipAddress: String?

  public init(
    service: String, requestType: String, requestID: String, args: ValueObject = [:], userID: String? = nil,
    deviceID: String? = nil, userRoles: [String]? = nil, version: String? = nil, ipAddress: String? = nil
  ) {
    self.service = service
    self.requestType = requestType
    self.requestID = requestID
    self.args = args
    self.userID = userID
    self.deviceID = deviceID
    self.userRoles = userRoles
    self.version = version
    self.ipAddress = ipAddress
  }
}
