import GenAPIValue

extension Request {
  /// A request names nothing at greater length than `TextLimit.name`: its names are hashed, kept and emitted.
  ///
  /// - Throws: `RequestError` with the first name that is longer, and how long it is.
  func checkNames() throws(RequestError) {
    if longestName <= TextLimit.name { return }
    try check(service, "service")
    try check(requestType, "request_type")
    try check(requestID, "request_id")
    if let version { try check(version, "version") }
    if let deviceID { try check(deviceID, "device_id") }
    if let userID { try check(userID, "user_id") }
    for name in args.keys where name.byteCount > TextLimit.name {
      throw Self.tooLong(name.byteCount, "an argument's name, \(name.cut(bytes: 64)),")
    }
  }

  private func check(_ name: ByteText, _ field: ByteText) throws(RequestError) {
    if name.byteCount > TextLimit.name { throw Self.tooLong(name.byteCount, field) }
  }

  private static func tooLong(_ count: Int, _ what: ByteText) -> RequestError {
    RequestError(
      code: .invalidPayload,
      description: "Malformed request payload: \(what) has \(count) bytes, allowed are \(TextLimit.name)")
  }
}

extension Request {
  /// A hook may not move the answer to another request, nor the request to another function: the names are those of the request
  /// that came.
  ///
  /// - Returns: what was changed of where it goes, in words; nil for nothing.
  mutating func keepingNames(of other: Request) -> ByteText? {
    var changes: [ByteText] = []
    func note(_ field: ByteText, _ was: ByteText?, _ now: ByteText?) {
      func shown(_ name: ByteText?) -> ByteText { name.map { $0.cut(bytes: 64) } ?? "none" }
      if was != now { changes.append("\(field) from \(shown(was)) to \(shown(now))") }
    }
    note("requestID", other.requestID, requestID)
    (requestID, hasNumericID) = (other.requestID, other.hasNumericID)
    note("service", other.service, service)
    note("requestType", other.requestType, requestType)
    note("version", other.version, version)
    guard !changes.isEmpty else { return nil }
    (service, requestType, version) = (other.service, other.requestType, other.version)
    return "it changed \(changes.joined(separator: ", "))"
  }
}
