import GenAPIValue

/// One call a client makes.
///
/// Its fields lie in one shared piece of memory: it is handed on and kept at the price of a reference. Changing a field
/// makes another such piece.
public struct Request: Sendable {
  fileprivate struct Fields: Sendable, Hashable {
    var userID: String?
    var deviceID: String?
    var requestType: String
    var requestID: String
    var service: String
    var args: ValueObject
    var userRoles: [String]?
    var version: String?
    var ipAddress: String?
  }

  fileprivate final class Storage: Sendable {
    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  public init(
    service: String, requestType: String, requestID: String, args: ValueObject = [:], userID: String? = nil,
    deviceID: String? = nil, userRoles: [String]? = nil, version: String? = nil, ipAddress: String? = nil
  ) {
    storage = Storage(
      Fields(
        userID: userID, deviceID: deviceID, requestType: requestType, requestID: requestID, service: service,
        args: args, userRoles: userRoles, version: version, ipAddress: ipAddress))
  }

  private mutating func change(_ body: (inout Fields) -> Void) {
    var fields = storage.fields
    body(&fields)
    storage = Storage(fields)
  }

  /// The verified user of the connection; nil when anonymous.
  public var userID: String? {
    get { storage.fields.userID }
    set { change { $0.userID = newValue } }
  }

  public var deviceID: String? {
    get { storage.fields.deviceID }
    set { change { $0.deviceID = newValue } }
  }

  public var requestType: String {
    get { storage.fields.requestType }
    set { change { $0.requestType = newValue } }
  }

  public var requestID: String {
    get { storage.fields.requestID }
    set { change { $0.requestID = newValue } }
  }

  public var service: String {
    get { storage.fields.service }
    set { change { $0.service = newValue } }
  }

  public var args: ValueObject {
    get { storage.fields.args }
    set { change { $0.args = newValue } }
  }

  /// From the connection's verified state only, never from a payload.
  public var userRoles: [String]? {
    get { storage.fields.userRoles }
    set { change { $0.userRoles = newValue } }
  }

  /// nil when the client named no version.
  public var version: String? {
    get { storage.fields.version }
    set { change { $0.version = newValue } }
  }

  /// The peer's address, set by the transport.
  public var ipAddress: String? {
    get { storage.fields.ipAddress }
    set { change { $0.ipAddress = newValue } }
  }
}

extension Request: Hashable {
  public static func == (one: Request, other: Request) -> Bool { one.storage.fields == other.storage.fields }

  public func hash(into hasher: inout Hasher) { hasher.combine(storage.fields) }
}
