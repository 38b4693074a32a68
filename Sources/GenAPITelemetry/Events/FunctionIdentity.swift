import GenAPIValue

/// Which function an event is about: service, request type and version.
///
/// A reference, made once when a function is registered, so that an event carries one pointer instead of
/// three strings.
public final class FunctionIdentity: Sendable, Hashable {
  /// The service's name.
  public let service: ByteText
  /// The request type: the function's name within its service.
  public let requestType: ByteText
  /// nil for the unversioned function, and for a request that named no version and found no function.
  public let version: ByteText?
  /// Of service and request type, within this process.
  public let nameHash: Int

  public init(service: ByteText, requestType: ByteText, version: ByteText? = nil) {
    self.service = service
    self.requestType = requestType
    self.version = version
    var hasher = Hasher()
    hasher.combine(service)
    hasher.combine(requestType)
    nameHash = hasher.finalize()
  }

  public static func == (a: FunctionIdentity, b: FunctionIdentity) -> Bool {
    a === b || (a.service == b.service && a.requestType == b.requestType && a.version == b.version)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(nameHash)
    hasher.combine(version)
  }
}
