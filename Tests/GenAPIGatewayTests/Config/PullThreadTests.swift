import Foundation
import GenAPIValue
import Locking
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Threads of pulls")
struct PullThreadTests {
  /// Notes on which threads lines are written.
  private struct Handler: LogHandler {
    let threads: NotedThreads
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { threads.note(Thread.current.name ?? "") }
  }

  private final class NotedThreads: Sendable {
    private let names = Mutex<[String]>([])

    func note(_ name: String) { names.withLock { $0.append(name) } }

    var all: [String] { names.withLock { $0 } }
  }

  @Test(
    "a pull that somebody asks for runs on threads of its own, too: /livez waits for no answer, however large"
  )
  func asked() async throws {
    let threads = NotedThreads()
    let fixture = try GatewayFixture {
      $0.logger = Logger(label: "test") { _ in Handler(threads: threads) }
      $0.pull.services = [
        PullSource(service: "svc", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"))
      ]
    }
    await fixture.gateway.puller.pull("svc")
    #expect(!threads.all.isEmpty && threads.all.allSatisfy { $0 == "genapi config" }, "\(threads.all)")
  }
}
