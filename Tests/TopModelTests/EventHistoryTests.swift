import GenAPIStream
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Event history")
struct EventHistoryTests {
  private static let begun: Int64 = 1_700_000_000_000_000

  private func row(_ number: Int64, second: Int64, _ name: String, _ fields: ValueObject = [:]) -> EventRow {
    let at = Self.begun + second * 1_000_000
    return EventRow(
      node: "gw1",
      record: EventRecord(sequence: number, at: at, name: "phoenix_gen_api.\(name)", metadata: fields))
  }

  private func fill(_ history: inout EventHistory, second: Int64) {
    for number in 0..<Int64(EventHistory.capacity) {
      history.append(row(1_000_000 + number, second: second, "executor.request.stop", ["outcome": "ok"]))
    }
  }

  @Test("what went wrong minutes ago is kept when thousands of events came since")
  func troubleStays() {
    var history = EventHistory()
    history.append(row(1, second: 0, "worker_pool.circuit_breaker.open"))
    history.append(row(2, second: 1, "executor.request.stop", ["outcome": "timeout"]))
    history.append(row(3, second: 1, "executor.request.stop", ["outcome": "ok"]))
    fill(&history, second: 300)
    let old = history.newest(500) { $0.record.at <= Self.begun + 10_000_000 }
    #expect(old.map(\.record.sequence) == [1, 2])
    #expect(history.newest(2) { _ in true }.allSatisfy { $0.record.sequence >= 1_000_000 })
  }

  @Test("a storm of failures leaves room for what else happened, second by second")
  func storm() {
    var history = EventHistory()
    for second in 0..<900 as Range<Int64> {
      for number in 0..<50 as Range<Int64> {
        history.append(
          row(second * 100 + number, second: second, "executor.request.stop", ["outcome": "error"]))
      }
      history.append(row(second * 100 + 99, second: second, "worker_pool.task.rejected"))
    }
    fill(&history, second: 901)
    let old = history.newest(10_000) { $0.record.sequence < 1_000_000 }
    #expect(old.count == 1_800)
    #expect(Set(old.map { $0.record.at }).count == 900)
  }

  @Test("both lists are bounded")
  func bounded() {
    var history = EventHistory()
    for second in 0..<20_000 as Range<Int64> { history.append(row(second, second: second, "config.clear")) }
    #expect(history.count == EventHistory.capacity + EventHistory.troubleCapacity)
    #expect(history.newest(100_000) { _ in true }.map(\.record.sequence) == Array(10_000..<20_000))
    #expect(history.total == 20_000)
  }

  @Test("rows come oldest first, the troubles before the newest")
  func order() {
    var history = EventHistory()
    for second in 0..<Int64(EventHistory.capacity) + 100 {
      history.append(row(second, second: second, second % 10 == 0 ? "executor.retry" : "hook.before.start"))
    }
    let all = history.newest(100_000) { _ in true }.map(\.record.sequence)
    #expect(all == all.sorted())
    #expect(all.prefix(10) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
  }
}
