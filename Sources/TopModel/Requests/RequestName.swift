import GenAPIValue

/// What a function of the requests pane is called.
package struct RequestName: Equatable, Sendable {
  package var service: ByteText
  package var requestType: ByteText
  /// nil when unversioned.
  package var version: ByteText?

  package init(service: ByteText, requestType: ByteText, version: ByteText? = nil) {
    self.service = service
    self.requestType = requestType
    self.version = version
  }
}

extension RequestName {
  /// By service, type and version; by type before service where that is asked for.
  func precedes(_ other: RequestName, byType: Bool = false) -> Bool {
    if byType, requestType != other.requestType { return requestType.precedesNaturally(other.requestType) }
    if service != other.service { return service.precedesNaturally(other.service) }
    if requestType != other.requestType { return requestType.precedesNaturally(other.requestType) }
    return (version ?? "").precedesNaturally(other.version ?? "")
  }
}
