extension Endpoint {
  /// Runs on a thread of its own, for a function that blocks the one it is on: with files, locks, a library that waits.
  /// `GatewayConfiguration.offload` says how many there are and how many calls may wait for one.
  ///
  /// ```swift
  /// Endpoint("thumbnail", Argument("path", String.self)) { path in try render(path) }.offloaded
  /// ```
  public var offloaded: Endpoint {
    var copy = self
    copy.isBlocking = true
    return copy
  }
}
