import NIOCore
import NIOHTTP1

/// Makes of the first head what everybody behind it may rely on, and leaves.
final class FirstHead<Head: Equatable>: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPPart<Head, ByteBuffer>
  typealias InboundOut = HTTPPart<Head, ByteBuffer>

  /// What comes behind the head may be bytes already.
  private var isPassed = false
  private let change: (inout Head) -> Void

  init(_ change: @escaping (inout Head) -> Void) { self.change = change }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isPassed, case .head(var head) = unwrapInboundIn(data) else {
      return context.fireChannelRead(data)
    }
    isPassed = true
    change(&head)
    context.fireChannelRead(wrapInboundOut(.head(head)))
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}

extension FirstHead<HTTPResponseHead> {
  /// Takes the blanks around the values of a server's answer away.
  static func ofResponse() -> FirstHead { FirstHead { $0.headers = $0.headers.withoutBlanks } }
}

extension FirstHead<HTTPRequestHead> {
  /// Takes the blanks around values away, and makes of an `Upgrade` header what a server of WebSockets needs to know of it, one
  /// `websocket` or nothing.
  ///
  /// The handler of upgrades goes through that header's list by recursion, so that a long one would use up the loop's stack.
  static func ofRequest() -> FirstHead {
    FirstHead { head in
      head.headers = head.headers.withoutBlanks
      let wanted = head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
      head.headers.remove(name: "upgrade")
      if wanted { head.headers.add(name: "upgrade", value: "websocket") }
    }
  }
}
