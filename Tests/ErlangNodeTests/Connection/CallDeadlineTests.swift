import Testing

@testable import ErlangNode

@Suite("When calls are given up")
struct CallDeadlineTests {
  @Test("the due are given back in order, the answered are forgotten once they are most of all")
  func order() {
    var deadlines = CallDeadlines()
    for call in 1...10_000 as ClosedRange<UInt64> {
      deadlines.insert(CallDeadlines.Entry(atNs: 20_000 - call, call: call))
    }
    #expect(deadlines.takeDue(10_002) == [10_000, 9_999, 9_998])
    deadlines.compact(waiting: 5_000) { $0 % 2 == 0 }
    #expect(deadlines.count == 9_997)
    deadlines.compact(waiting: 10) { $0 <= 10 }
    #expect(deadlines.count == 10 && deadlines.takeDue(.max) == (1...10).reversed())
  }

  @Test("calls with different times each end at their own; later ones are not held up by earlier ones")
  func timeouts() async throws {
    let pair = try await SwiftPair()
    pair.second.register("timer", "sleep") { _ in
      try await Task.sleep(for: .seconds(120))
      return .atom("ok")
    }
    let (first, second) = (pair.first, pair.second.name)
    try await first.connect(to: second)
    let ends = await withTaskGroup(of: (Int64, Bool).self) { group in
      for timeout in [400, 50, 200] as [Int64] {
        group.addTask {
          do throws(CallError) {
            _ = try await first.call(second, "timer", "sleep", [], timeout: .milliseconds(timeout))
            return (timeout, false)
          } catch {
            return (timeout, error == .timeout)
          }
        }
      }
      return await group.reduce(into: [(Int64, Bool)]()) { $0.append($1) }
    }
    #expect(ends.map { $0.0 } == [50, 200, 400] && ends.allSatisfy { $0.1 })
    #expect(first.core.withState { $0.pending.isEmpty })
    await pair.end()
  }
}
