import GenAPITelemetry
import GenAPIValue

/// One call a client makes.
///
/// Its fields lie in one shared piece of memory: it is handed on and kept at the price of a reference. Changing a field
/// makes another such piece.
public struct Request: Sendable {
  fileprivate struct Fields: Sendable, Hashable {
    var userID: ByteText?
    var deviceID: ByteText?
    var requestType: ByteText
    var requestID: ByteText
    var service: ByteText
    var args: ValueObject
    var userRoles: [ByteText]?
    var version: ByteText?
    var ipAddress: ByteText?
    var claims: [ByteText: ByteText]?
    var hasNumericID = false
    var hasNumericDeviceID = false
    var isDeviceVerified = true
    var trace: TraceContext?
  }

  fileprivate final class Storage: Sendable {
    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  public init(
    service: ByteText, requestType: ByteText, requestID: ByteText, args: ValueObject = [:],
    userID: ByteText? = nil,
    deviceID: ByteText? = nil, userRoles: [ByteText]? = nil, version: ByteText? = nil,
    ipAddress: ByteText? = nil, claims: [ByteText: ByteText]? = nil, trace: TraceContext? = nil
  ) {
    storage = Storage(
      Fields(
        userID: userID, deviceID: deviceID, requestType: requestType, requestID: requestID, service: service,
        args: args, userRoles: userRoles, version: version, ipAddress: ipAddress,
        claims: claims, trace: trace))
  }

  private var fields: Fields {
    get { storage.fields }
    set { storage = Storage(newValue) }
  }

  /// The verified user of the connection; nil when anonymous.
  public var userID: ByteText? {
    get { fields.userID }
    set { fields.userID = newValue }
  }

  /// The device that the connection's token names, or else what the client says of itself: see `isDeviceVerified`.
  public var deviceID: ByteText? {
    get { fields.deviceID }
    set { fields.deviceID = newValue }
  }

  /// False when only the client itself says which device it is. Limits count no such device.
  public var isDeviceVerified: Bool {
    get { fields.isDeviceVerified }
    set { fields.isDeviceVerified = newValue }
  }

  /// True when the client gave a number as the id; answers carry a number then.
  public var hasNumericID: Bool {
    get { fields.hasNumericID }
    set { fields.hasNumericID = newValue }
  }

  /// The same of the device's id.
  public var hasNumericDeviceID: Bool {
    get { fields.hasNumericDeviceID }
    set { fields.hasNumericDeviceID = newValue }
  }

  /// The id in kind: text, or the number that the client gave.
  public var requestIDValue: Value { Identifier(text: requestID, isNumber: hasNumericID).value }

  /// The device in kind; null when there is none.
  public var deviceIDValue: Value {
    deviceID.map { Identifier(text: $0, isNumber: hasNumericDeviceID).value } ?? .null
  }

  /// The function's name within its service.
  public var requestType: ByteText {
    get { fields.requestType }
    set { fields.requestType = newValue }
  }

  /// The client's name of the request, which the answers carry.
  public var requestID: ByteText {
    get { fields.requestID }
    set { fields.requestID = newValue }
  }

  /// The service's name.
  public var service: ByteText {
    get { fields.service }
    set { fields.service = newValue }
  }

  /// The arguments by name, as the client sent them.
  public var args: ValueObject {
    get { fields.args }
    set { fields.args = newValue }
  }

  /// From the connection's verified state only, never from a payload.
  public var userRoles: [ByteText]? {
    get { fields.userRoles }
    set { fields.userRoles = newValue }
  }

  /// nil when the client named no version.
  public var version: ByteText? {
    get { fields.version }
    set { fields.version = newValue }
  }

  /// What caused it, as the client told; nil when it told nothing of that.
  public var trace: TraceContext? {
    get { fields.trace }
    set { fields.trace = newValue }
  }

  /// What of the verified token else is a key of limits; nil for none.
  public var claims: [ByteText: ByteText]? {
    get { fields.claims }
    set { fields.claims = newValue }
  }

  /// The peer's address, set by the transport.
  public var ipAddress: ByteText? {
    get { fields.ipAddress }
    set { fields.ipAddress = newValue }
  }
}

extension Request {
  /// How many bytes the longest of its names has; they are looked at where they lie.
  var longestName: Int {
    var longest = max(
      storage.fields.service.byteCount, storage.fields.requestType.byteCount,
      storage.fields.requestID.byteCount)
    longest = max(
      longest, storage.fields.version?.byteCount ?? 0, storage.fields.deviceID?.byteCount ?? 0,
      storage.fields.userID?.byteCount ?? 0)
    let names = storage.fields.args.keys.elements
    for index in names.indices { longest = max(longest, names[index].byteCount) }
    return longest
  }
}

extension Request: Hashable {
  public static func == (one: Request, other: Request) -> Bool { one.fields == other.fields }

  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
