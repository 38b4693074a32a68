import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Opens a client's sockets: TCP, TLS where it is asked for, and the change from HTTP to a WebSocket.
package struct ClientConnector: Sendable {
  private let configuration: PhoenixClientConfiguration

  package init(_ configuration: PhoenixClientConfiguration) {
    self.configuration = configuration
    HTTPTypes.make()
  }

  /// Opens one socket.
  ///
  /// - Parameter addHandlers: called on the socket's event loop once it is a WebSocket.
  /// - Throws: `PhoenixClientError`, within `connectTimeout` and the same again for the answer.
  package func connect(
    on group: any EventLoopGroup, _ addHandlers: @escaping @Sendable (any Channel) throws -> Void
  ) async throws(PhoenixClientError) -> any Channel {
    let limit = TimeAmount.milliseconds(configuration.connectTimeout.wholeMilliseconds)
    let start = NIODeadline.now()
    do {
      let answered = try await ClientBootstrap(group: group)
        .connectTimeout(limit)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(host: configuration.host, port: configuration.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            let upgraded = try prepare(channel, addHandlers)
            // A server that takes the connection and says nothing.
            let timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
            upgraded.whenComplete { _ in timer.cancel() }
            return upgraded
          }
        }
      switch try await answered.get() {
      case .upgraded(let channel): return channel
      case .refused(let status): throw PhoenixClientError.refused(status: try await status.get())
      }
    } catch let error as PhoenixClientError {
      throw error
    } catch {
      guard NIODeadline.now() - start < limit else {
        throw .cannotConnect("no answer within \(configuration.connectTimeout.wholeMilliseconds) ms")
      }
      throw .cannotConnect(describe(error))
    }
  }

  /// Says in words why a socket could not be opened, or ended.
  package func describe(_ error: any Error) -> String {
    configuration.tls?.describe(error) ?? ConnectFailure.describe(error)
  }

  private enum Answer: Sendable {
    case upgraded(any Channel)
    /// The status follows.
    case refused(EventLoopFuture<Int>)
  }

  private func prepare(
    _ channel: any Channel, _ addHandlers: @escaping @Sendable (any Channel) throws -> Void
  ) throws -> EventLoopFuture<Answer> {
    if let tls = configuration.tls {
      // An address is no name that a certificate's owner could be asked for.
      let isAddress = (try? SocketAddress(ipAddress: configuration.host, port: 0)) != nil
      try channel.pipeline.syncOperations.addHandler(
        tls.handlerOfClient(host: isAddress ? nil : configuration.host))
    }
    try channel.pipeline.syncOperations.addHandler(ServerEndHandler())
    var headers: HTTPHeaders = ["host": configuration.authority, "content-length": "0"]
    for (name, value) in configuration.headers { headers.replaceOrAdd(name: name, value: value) }
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: configuration.uri, headers: headers)
    let upgrader = NIOTypedWebSocketClientUpgrader<Answer>(
      maxFrameSize: configuration.maxMessageBytes, enableAutomaticErrorHandling: false,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          try addHandlers(channel)
          return .upgraded(channel)
        }
      })
    var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(
      upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
        upgradeRequestHead: head, upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in
          // What the server answered is handed on only after this.
          let status = channel.eventLoop.makePromise(of: Int.self)
          return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusalHandler { status.succeed($0) })
            return .refused(status.futureResult)
          }
        }))
    pipeline.leftOverBytesStrategy = .forwardBytes
    let answer = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
      configuration: pipeline)
    let upgrading = try channel.pipeline.syncOperations.handler(
      type: NIOTypedHTTPClientUpgradeHandler<Answer>.self)
    try channel.pipeline.syncOperations.addHandler(
      FirstHead.ofResponse(), position: .before(upgrading))
    return answer
  }
}
