import OutsideText
import Testing

@testable import ErlangNode

@Suite("Who watches whom, found by what ends")
struct ProcessWatchTests {
  private func pid(_ id: UInt32) -> Pid { Pid(node: "own@h", id: id, serial: 0, creation: 1) }
  private func reference(_ id: UInt32) -> Reference {
    Reference(node: "other@h", creation: 1, ids: [id, 0, 0])
  }

  @Test("the end of a process takes its own watchers, by pid and by name, and leaves those of all others")
  func monitors() {
    var monitors = ProcessMonitors()
    for id in 0..<1_000 as Range<UInt32> {
      monitors.insert(
        .init(peer: id % 2 == 0 ? "a@h" : "b@h", watcher: pid(9), target: .pid(pid(id / 10))), reference(id))
    }
    monitors.insert(.init(peer: "a@h", watcher: pid(9), target: .name("server")), reference(5_000))
    #expect(monitors.count == 1_001)
    let ended = monitors.take(of: .pid(pid(7)))
    #expect(Set(ended.map(\.reference)) == Set((70..<80).map { reference($0) }))
    #expect(monitors.take(of: .pid(pid(7))).isEmpty && monitors.count == 991)
    #expect(monitors.take(of: .name("server")).map(\.monitor.watcher) == [pid(9)])
    // One reference that comes again watches one process.
    monitors.insert(.init(peer: "b@h", watcher: pid(9), target: .pid(pid(500))), reference(0))
    #expect(monitors.count == 990 && monitors.take(of: .pid(pid(0))).count == 9)
    monitors.remove(of: "a@h")
    #expect(monitors[reference(81)] != nil && monitors[reference(82)] == nil)
    monitors.remove(reference(81))
    #expect(monitors[reference(81)] == nil && monitors.take(of: .pid(pid(8))).count == 4)
  }

  @Test("the end of a mailbox or of a connection takes what it watches, and nothing else")
  func watches() {
    var watches = ProcessWatches()
    for number in 0..<100 as Range<UInt64> {
      let target = ProcessWatch.Target(node: "a@h", process: .pid(pid(1)))
      watches.insert(ProcessWatch(mailbox: UInt32(number % 10), peer: number % 4, target: target), number)
    }
    #expect(Set(watches.take(of: 3).map(\.number)) == Set(stride(from: 3, to: 100, by: 10)))
    #expect(watches.count == 90 && watches.take(of: 3).isEmpty)
    #expect(watches.take(over: 1).allSatisfy { $0.number % 4 == 1 } && watches.remove(5) == nil)
    #expect(watches.remove(4)?.mailbox == 4 && watches.remove(4) == nil)
  }
}
