import NIOCore
import NIOHTTP1

/// The types of NIO's HTTP handlers, which are generic and so are made when they are first used.
///
/// Swift 6.3 can crash where two threads make `HTTPPart` at one time, as two event loops do whose first connections come
/// together. So they are made by one thread, before there are connections.
enum HTTPTypes {
  private static let made: Void = {
    _ = (ByteToMessageHandler(HTTPRequestDecoder()), HTTPResponseEncoder())
    _ = (ByteToMessageHandler(HTTPResponseDecoder()), HTTPRequestEncoder())
  }()

  /// Makes them, once a process.
  static func make() { made }
}
