import GenAPITesting
import InMemoryLogging
import Locking
import Logging
import NIOPosix
import Testing

@testable import GenAPIChannels

@Suite("Connections that ask nothing")
struct RestingConnectionTests {
  private final class Connection {}

  @Test(
    "where descriptors are scarce they give way at a door of operators: those that asked nothing first, the newest and those that are answered never"
  )
  func scarce() async throws {
    let (log, clock) = (InMemoryLogHandler(), VirtualClock())
    let fixture = try await ServerFixture(clock: clock, logger: Logger(label: "test") { _ in log })
    let hub = ServerHub(
      gateway: fixture.gateway, configuration: PhoenixServerConfiguration(),
      authenticator: ServerFixture.userInQuery, routes: [:], logger: Logger(label: "test") { _ in log },
      timeLoop: MultiThreadedEventLoopGroup.singleton.next())
    let closed = Mutex<[Int]>([])
    let connections = (0..<5).map { _ in Connection() }
    func come(_ number: Int) {
      clock.advance(by: .milliseconds(1))
      hub.plain(
        ObjectIdentifier(connections[number]),
        ServerHub.PlainConnection(restsSinceNs: clock.monotonicNanoseconds()) {
          closed.withLock { $0.append(number) }
        })
    }
    func leave(beyond most: Int?, _ newest: Int) -> [Int] {
      hub.closeResting(beyond: most, but: ObjectIdentifier(connections[newest]))
      return closed.withLock { closed in
        for number in closed { hub.plain(ObjectIdentifier(connections[number]), nil) }
        defer { closed = [] }
        return closed
      }
    }
    for number in 0..<4 { come(number) }
    // The first has its answer, the second's is being made.
    hub.plain(ObjectIdentifier(connections[0]), restsSinceNs: clock.monotonicNanoseconds())
    hub.plain(ObjectIdentifier(connections[1]), restsSinceNs: nil)
    come(4)
    #expect(leave(beyond: nil, 4) == [])
    #expect(leave(beyond: 4, 4) == [])
    #expect(!log.entries.contains { "\($0.message)".contains("give way") })
    #expect(leave(beyond: 3, 4) == [2])
    #expect(leave(beyond: 2, 4) == [3])
    #expect(leave(beyond: 1, 4) == [0])
    #expect(leave(beyond: 1, 4) == [])
    #expect(log.entries.count { "\($0.message)".contains("give way") } == 1)
    await fixture.server.stop()
  }
}
