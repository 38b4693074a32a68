import GenAPIStream
import GenAPIValue
import Testing

@testable import TopModel

extension EventHistory {
  /// The newest `limit` events that pass, oldest first, whatever that costs.
  func newest(_ limit: Int, where passes: (EventRow) -> Bool) -> [EventRow] {
    var rows: [EventRow] = []
    var place = total
    while rows.count < limit, let (row, number) = last(before: place) {
      place = number
      if passes(row) { rows.append(row) }
    }
    return rows.reversed()
  }
}

@Suite("A search of events")
struct EventSearchTests {
  private func row(_ number: Int64) -> EventRow {
    let outcome: ByteText = number % 100 == 0 ? "error" : "ok"
    return EventRow(
      node: "gw1",
      record: EventRecord(
        sequence: number, at: number * 1_000, name: "phoenix_gen_api.executor.request.stop",
        metadata: ["outcome": .string(outcome)]))
  }

  private func history(_ count: Int64) -> EventHistory {
    var history = EventHistory()
    for number in 0..<count { history.append(row(number)) }
    return history
  }

  @Test(
    "a search that is not over says how far it is, and 100 only when it is over; begun anew as many came since"
  )
  func progress() {
    var history = history(9_000)
    let cache = EventSearch(limit: 10_000)
    var search = cache
    var told: [Int] = []
    while !search.isComplete, told.count < 100 {
      search.look(through: 2_000, of: history) { _ in false }
      told.append(search.percent)
    }
    #expect(
      told == told.sorted() && told.last == 100 && told.dropLast().allSatisfy { $0 < 100 } && told[0] > 10)
    for number in 9_000..<18_000 as Range<Int64> { history.append(row(number)) }
    search.look(through: 2_000, of: history) { _ in false }
    #expect(!search.isComplete && (1...99).contains(search.percent))
  }

  @Test("a look goes through no more events than it may, and no event is looked at twice")
  func bounded() {
    let history = history(9_000)
    var search = EventSearch(limit: 500)
    var looked: [Int64] = []
    var looks = 0
    while !search.isComplete, looks < 1_000 {
      let before = looked.count
      search.look(through: 100, of: history) { row in
        looked.append(row.record.sequence)
        return row.record.sequence % 1_000 == 7
      }
      #expect(looked.count - before <= 100)
      looks += 1
    }
    #expect(looked.count == history.count && Set(looked).count == looked.count)
    #expect(search.rows.map(\.record.sequence) == (1...8).map { $0 * 1_000 + 7 })
    let before = looked.count
    search.look(through: 100, of: history) { row in
      looked.append(row.record.sequence)
      return true
    }
    #expect(looked.count == before)
  }

  @Test("what comes while it looks is found in its place, and what was found stays")
  func grows() {
    var history = history(1_000)
    var search = EventSearch(limit: 10_000)
    for number in 1_000..<3_000 as Range<Int64> {
      history.append(row(number))
      if number % 10 == 0 { search.look(through: 50, of: history) { _ in true } }
    }
    search.look(through: .max, of: history) { _ in true }
    #expect(search.rows.map(\.record.sequence) == Array(0..<3_000))
    #expect(search.isComplete)
  }

  @Test("of more than there is room for the newest are found")
  func limited() {
    var history = history(1_000)
    var search = EventSearch(limit: 5)
    search.look(through: .max, of: history) { _ in true }
    #expect(search.isComplete && search.rows.map(\.record.sequence) == Array(995..<1_000))
    history.append(row(1_000))
    #expect(search.rows.count == 5)
    search.look(through: .max, of: history) { _ in true }
    #expect(search.rows.map(\.record.sequence) == Array(996...1_000))
  }

  @Test("a search that could not keep up finds what is still kept")
  func overtaken() {
    var history = history(100)
    var search = EventSearch(limit: 10_000)
    search.look(through: 100, of: history) { _ in true }
    for number in 100..<20_000 as Range<Int64> { history.append(row(number)) }
    search.look(through: .max, of: history) { _ in true }
    let found = search.rows.map(\.record.sequence)
    #expect(found == found.sorted() && Set(found).count == found.count)
    #expect(found.suffix(1_000) == history.newest(1_000) { _ in true }.map(\.record.sequence)[...])
    #expect(search.isComplete)
  }

  @Test("a model's filter and the trace of a request are looked for piece by piece")
  func model() {
    var fixture = ModelFixture()
    for number in 0..<3_000 as Range<Int64> {
      fixture.model.fold(
        .frame(.event(.stop(number, at: fixture.now, request: "r\(number % 1_000)", user: "u\(number % 3)"))),
        of: 0, at: fixture.now)
    }
    var settings = ViewSettings()
    settings.filter = try! FilterExpression(parsing: "user:u1 req:r7")
    let views = ViewCache()
    #expect(!views.events(fixture.model, settings, limit: 500, lookingThrough: 100).isComplete)
    for _ in 0..<40 { _ = views.events(fixture.model, settings, limit: 500, lookingThrough: 100) }
    let found = views.events(fixture.model, settings, limit: 500, lookingThrough: 0)
    #expect(found.isComplete && found.rows.map(\.record.sequence) == [7])
    #expect(found == fixture.model.events(settings, limit: 500))
    #expect(!views.requestTrace(fixture.model, requestID: "r7", lookingThrough: 100).isComplete)
    let trace = views.requestTrace(fixture.model, requestID: "r7")
    #expect(trace.rows.map(\.record.sequence) == [7, 1_007, 2_007])
    #expect(trace == fixture.model.requestTrace(requestID: "r7"))
  }
}
