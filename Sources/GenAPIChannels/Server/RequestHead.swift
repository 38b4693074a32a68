import NIOCore
import NIOHTTP1

/// Makes of a request's head what everybody behind it may rely on: values without blanks around them, and of an `Upgrade` header
/// what a server of WebSockets needs to know of it, one `websocket` or nothing.
///
/// The handler of upgrades goes through that header's list by recursion, so that a long one would use up the loop's stack.
final class RequestHead: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  static let name = "request head"

  /// What comes behind the first head may be bytes already.
  private var isPassed = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isPassed, case .head(var head) = unwrapInboundIn(data) else {
      return context.fireChannelRead(data)
    }
    isPassed = true
    head.headers = head.headers.withoutBlanks
    let wanted = head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    head.headers.remove(name: "upgrade")
    if wanted { head.headers.add(name: "upgrade", value: "websocket") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }
}
