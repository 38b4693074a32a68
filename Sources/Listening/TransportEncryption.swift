import NIOCore

/// What encrypts connections, at the end that accepts them and at the one that opens them: TLS, from the product GenAPITLS.
///
/// Whoever listens or connects takes one of these, so that a program without encryption need not build a library of it.
public protocol TransportEncryption: Sendable {
  /// The first handler of a connection that was accepted.
  func handlerOfServer() throws -> any ChannelHandler

  /// The first handler of a connection that was opened.
  ///
  /// - Parameter host: the name that the other end's certificate must be for; nil where the certificate need not name it.
  func handlerOfClient(host: String?) throws -> any ChannelHandler

  /// Says in words what an error of its own means; nil for any other error.
  func describe(_ error: any Error) -> String?
}
