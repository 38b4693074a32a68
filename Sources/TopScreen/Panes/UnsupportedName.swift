/// What a request asked for that does not exist, as gateways answer it: `unsupported function: old version latest of service users`.
struct UnsupportedName {
  var service: Substring
  var requestType: Substring

  /// nil for another answer.
  init?(_ answer: String) {
    guard let colon = answer.firstRange(of: " function: "),
      let end = answer.ranges(of: " of service ").last,
      let version = answer[colon.upperBound..<end.lowerBound].ranges(of: " version ").last
    else { return nil }
    requestType = answer[colon.upperBound..<version.lowerBound]
    service = answer[end.upperBound...]
    if requestType.isEmpty || service.isEmpty { return nil }
  }
}
