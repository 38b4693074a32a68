/// What the timer of a socket's silence holds: the socket itself as long as it is open, nothing after that.
///
/// A weak reference would do the same, but make every counting of references to the socket slower.
final class SilenceWatch {
  var socket: SocketHandler?

  init(_ socket: SocketHandler) { self.socket = socket }
}
