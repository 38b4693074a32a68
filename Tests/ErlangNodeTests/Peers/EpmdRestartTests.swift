import ErlangPeers
import InMemoryLogging
import Logging
import Testing

@testable import ErlangNode

@Suite("When epmd is started anew", .enabled(if: Epmd.program != nil, "needs epmd"), .serialized)
struct EpmdRestartTests {
  @Test("the node is registered again within a second, with its port, and the log says so")
  func restart() async throws {
    let log = InMemoryLogHandler()
    let first = try await Epmd()
    let port = first.port
    var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = EpmdClient(port: port)
    configuration.logger = Logger(label: "test") { _ in log }
    let node = try LocalNode(configuration)
    try await node.start()
    let creation = node.core.makePid().creation
    for _ in 0..<2 {
      first.end()
      // While there is none, nothing is known of the node; then it is there by itself.
      let second = try await Epmd(port: port)
      let start = ContinuousClock.now
      var entry: EpmdClient.Entry?
      while entry == nil, ContinuousClock.now - start < .seconds(20) {
        entry = try? await EpmdClient(port: port).lookUp("swift")
        if entry == nil { try await Task.sleep(for: .milliseconds(20)) }
      }
      #expect(entry?.port == node.port)
      second.end()
    }
    #expect(node.core.makePid().creation == creation)
    let messages = log.entries.map { "\($0.message)" }
    #expect(messages.contains("epmd is gone; the node registers again"))
    #expect(messages.contains("epmd knows the node again"))
    await node.stop()
  }

  @Test("a node that was stopped is not registered again")
  func stopped() async throws {
    let first = try await Epmd()
    var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = EpmdClient(port: first.port)
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    try await node.start()
    await node.stop()
    // Longer than the time between two attempts.
    try await Task.sleep(for: .milliseconds(700))
    #expect(try await EpmdClient(port: first.port).names().isEmpty)
  }
}
