import Testing

@testable import ErlangNode

@Suite("Watching processes of other nodes", .serialized)
struct WatchingTests {
  /// Monitors but those of pings, which are taken back only after their answer.
  private func monitorCount(_ node: LocalNode) -> Int {
    var monitors = node.core.withState { $0.monitors }
    _ = monitors.take(of: .name("net_kernel"))
    return monitors.count
  }

  @Test("a mailbox is told of a process that ends, of one that is not there, and of a node that goes")
  func down() async throws {
    let pair = try await SwiftPair()
    let watcher = try pair.first.makeMailbox()
    let second = pair.second.name
    let ending = try pair.second.makeMailbox(named: "ending")
    let staying = try pair.second.makeMailbox()
    let byName = try await pair.first.monitor(.name("ending"), on: second, for: watcher)
    let byPid = try await pair.first.monitor(.pid(ending.pid), on: second, for: watcher)
    let none = try await pair.first.monitor(.name("nobody"), on: second, for: watcher)
    #expect(await watcher.receive() == .down(none, reason: .atom("noproc")))
    ending.end()
    let both = [await watcher.receive(), await watcher.receive()]
    #expect(both.contains(.down(byName, reason: .atom("normal"))))
    #expect(both.contains(.down(byPid, reason: .atom("normal"))))
    let last = try await pair.first.monitor(.pid(staying.pid), on: second, for: watcher)
    // Answered after the monitor was taken: one connection, one order.
    #expect(await pair.first.ping(second))
    await pair.second.stop()
    #expect(await watcher.receive() == .down(last, reason: .atom("noconnection")))
    staying.end()
    await pair.end()
  }

  @Test("what is watched no longer tells nothing, and a mailbox that ends watches no longer")
  func demonitor() async throws {
    let pair = try await SwiftPair()
    let watcher = try pair.first.makeMailbox()
    let other = try pair.first.makeMailbox()
    let watched = try pair.second.makeMailbox(named: "watched")
    let second = pair.second.name
    let reference = try await pair.first.monitor(.name("watched"), on: second, for: watcher)
    _ = try await pair.first.monitor(.pid(watched.pid), on: second, for: other)
    #expect(await pair.first.ping(second))
    #expect(monitorCount(pair.second) == 2)
    pair.first.demonitor(reference)
    other.end()
    #expect(await pair.first.ping(second))
    #expect(monitorCount(pair.second) == 0)
    #expect(pair.first.core.withState { $0.watches.count } == 0)
    await pair.end()
  }

  @Test("a call to a server leaves no monitor behind")
  func serverCalls() async throws {
    let pair = try await SwiftPair()
    pair.second.registerServer("echo") { $0 }
    for number in 0..<20 {
      let answer = try await pair.first.callServer("echo", on: pair.second.name, .integer(Int64(number)))
      #expect(answer == .integer(Int64(number)))
    }
    #expect(await pair.first.ping(pair.second.name))
    // Taken after the last of them: one connection, one order.
    #expect(await pair.first.ping(pair.second.name))
    #expect(monitorCount(pair.second) == 0)
    await pair.end()
  }
}
