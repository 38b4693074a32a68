import Foundation
import GenAPIValue
import Listening
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a running gateway of this machine, over its Unix socket.
package struct ControlClient: Sendable {
  package var path: String
  /// Milliseconds that all of it may take.
  package var timeoutMs: Int64

  /// More than the gateway answers.
  private static let mostBytes = 64 << 20

  package init(path: String, timeoutMs: Int64) {
    self.path = path
    self.timeoutMs = timeoutMs
  }

  /// What a gateway says to a command.
  package struct Answer: Sendable {
    package var isDone: Bool
    package var body: [UInt8]
  }

  /// - Throws: `ControlUnreachable` when there is no answer.
  package func call(_ command: ControlCommand, _ fields: ValueObject, wantsJSON: Bool)
    async throws(ControlUnreachable) -> Answer
  {
    let body = Value.object(fields).jsonBytes
    let began = ContinuousClock.now
    do {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.milliseconds(timeoutMs))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(
              NIOHTTPClientResponseAggregator(maxContentLength: Self.mostBytes))
          }
        }
        .connect(unixDomainSocketPath: path) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<NIOHTTPClientResponseFull, HTTPClientRequestPart>(
              wrappingChannelSynchronously: channel)
          }
        }
      return try await channel.executeThenClose { inbound, outbound in
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: command.path.string)
        head.headers = [
          "host": "localhost", "content-length": "\(body.count)",
          "accept": wantsJSON ? "application/json" : "text/plain",
        ]
        try await outbound.write(.head(head))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
        try await outbound.write(.end(nil))
        let late = Task { [channel = channel.channel, timeoutMs] in
          try await Task.sleep(for: .milliseconds(timeoutMs))
          try await channel.close()
        }
        defer { late.cancel() }
        for try await answer in inbound {
          let bytes = answer.body.map { Array($0.readableBytesView) } ?? []
          return Answer(isDone: answer.head.status == .ok, body: bytes)
        }
        guard isLate(began) else { throw ControlUnreachable(reason: Self.closed(path)) }
        throw ControlUnreachable(reason: "the gateway at \(path) gave no answer within \(timeoutMs) ms")
      }
    } catch let error as ControlUnreachable {
      throw error
    } catch {
      throw ControlUnreachable(
        reason: isLate(began)
          ? "the gateway at \(path) gave no answer within \(timeoutMs) ms" : Self.reason(error, path))
    }
  }

  private func isLate(_ began: ContinuousClock.Instant) -> Bool {
    .now - began >= .milliseconds(timeoutMs)
  }

  private static func closed(_ path: String) -> String {
    "the gateway at \(path) closed the connection without an answer: it has no descriptors left (LimitNOFILE, ulimit -n), or it ends"
  }

  private static func reason(_ error: any Error, _ path: String) -> String {
    if case .some = error as? ChannelError { return closed(path) }
    return switch (error as? IOError)?.errnoCode {
    case ECONNRESET, EPIPE: closed(path)
    case ENOENT: "there is no socket at \(path): does a gateway run, and does its health.socket name it?"
    case ECONNREFUSED: "nobody listens at \(path): the gateway that made it has ended"
    case EACCES, EPERM: "no permission for \(path): only the user who runs the gateway, and root, may ask"
    case ENOTSOCK: "\(path) is no socket"
    default: "the gateway at \(path) cannot be asked: \(ListenProblem.describe(error))"
    }
  }
}

/// Why a gateway gave no answer.
package struct ControlUnreachable: Error, Sendable, CustomStringConvertible {
  var reason: String
  package var description: String { reason }
}
