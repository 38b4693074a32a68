import ErlangNode
import Foundation
import Locking
import OutsideText
import Testing

@Suite("Who watches nodes hears of them in order")
struct AnnouncementTests {
  @Test("a call that a lost connection ends, ends after those who watch nodes have heard of it")
  func lostCall() async throws {
    let pair = try await SwiftPair()
    pair.second.register("timer", "sleep") { _ in
      try await Task.sleep(for: .seconds(120))
      return .atom("ok")
    }
    let heard = Mutex<[NodeEvent]>([])
    pair.first.watchNodes { event in
      // A watcher that takes its time.
      if case .down = event { Thread.sleep(forTimeInterval: 0.05) }
      heard.withLock { $0.append(event) }
    }
    let (first, second) = (pair.first, pair.second)
    // The connection is there before who made it goes on.
    try await first.connect(to: second.name)
    #expect(heard.withLock { $0 } == [.up(second.name)])
    let waiting = Task { try await first.call(second.name, "timer", "sleep", [], timeout: nil) }
    while second.callsServing == 0 { await Task.yield() }
    first.disconnect(from: second.name)
    await #expect(throws: CallError.connectionLost) { try await waiting.value }
    #expect(heard.withLock { $0.count } == 2)
    await pair.end()
  }

  /// A number that grows under its lock, and what was told of it.
  private final class Told: Sendable {
    let steps = OrderedSteps()
    let heard = Mutex<[Int]>([])
    private let count = Mutex(0)

    func grow() {
      count.withLock { count in
        count += 1
        let number = count
        steps.add { self.heard.withLock { $0.append(number) } }
      }
      steps.run()
    }
  }

  @Test("steps run in the order of what they tell, whatever threads change it, and one may add another")
  func order() async {
    let told = Told()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<500 { told.grow() } }
      }
    }
    #expect(told.heard.withLock { $0 } == Array(1...2_000))
    told.steps.add {
      told.steps.add { told.heard.withLock { $0.append(-1) } }
      told.steps.run()
      told.heard.withLock { $0.append(0) }
    }
    told.steps.run()
    #expect(told.heard.withLock { $0.suffix(2) } == [0, -1])
  }
}
