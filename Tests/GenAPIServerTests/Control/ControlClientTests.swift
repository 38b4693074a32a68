import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import GenAPIServer

@Suite("What ctl says when no answer comes")
struct ControlClientTests {
  /// - Parameter accept: what becomes of each connection.
  private func reason(
    timeoutMs: Int64, _ accept: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) async throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/ctl\(UInt32.random(in: 0...UInt32.max)).sock"
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer(accept)
      .bind(unixDomainSocketPath: path).get()
    defer { unlink(path) }
    let client = ControlClient(path: path, timeoutMs: timeoutMs)
    let error = await #expect(throws: ControlUnreachable.self) {
      try await client.call(ControlCommand.all[0], [:], wantsJSON: false)
    }
    try await server.close()
    return error?.description.replacing(path, with: "PATH") ?? ""
  }

  @Test("a connection that the gateway closes is no wait for an answer that did not come")
  func closed() async throws {
    for _ in 0..<5 {
      let reason = try await reason(timeoutMs: 60_000) { $0.close() }
      #expect(
        reason
          == "the gateway at PATH closed the connection without an answer: it has no descriptors left (LimitNOFILE, ulimit -n), or it ends"
      )
    }
  }

  @Test("a gateway that says nothing gave no answer in time")
  func late() async throws {
    let reason = try await reason(timeoutMs: 20) { $0.eventLoop.makeSucceededVoidFuture() }
    #expect(reason == "the gateway at PATH gave no answer within 20 ms")
  }
}
