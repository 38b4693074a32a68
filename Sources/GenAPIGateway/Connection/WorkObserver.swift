/// Told of the asynchronous calls and streams of a connection, which go on after their first answer, by the transport
/// that bounds them.
package protocol WorkObserver: AnyObject, Sendable {
  /// Called before the request that begins it is answered, under a lock: counts and no more.
  func workBegan(isStream: Bool)
  /// Called once for each that began: when its function has ended, or was given up.
  func workEnded(isStream: Bool)
}
