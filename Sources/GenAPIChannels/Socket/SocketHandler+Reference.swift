import GenAPIGateway
import NIOCore

extension SocketHandler {
  /// The way to a socket from other threads.
  struct Reference: Sendable {
    let id: ObjectIdentifier
    let socketID: ConnectionID
    private let loop: any EventLoop
    private let socket: NIOLoopBound<SocketHandler>

    init(_ socket: SocketHandler, loop: any EventLoop) {
      id = ObjectIdentifier(socket)
      socketID = socket.socketID
      self.loop = loop
      self.socket = NIOLoopBound(socket, eventLoop: loop)
    }

    /// The socket itself, on its own event loop.
    var onItsLoop: SocketHandler? { loop.inEventLoop ? socket.value : nil }

    func perform(_ body: @escaping @Sendable (SocketHandler) -> Void) {
      loop.execute { [socket] in body(socket.value) }
    }
  }
}
