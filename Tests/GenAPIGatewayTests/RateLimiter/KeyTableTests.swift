import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("The keys of one limit")
struct KeyTableTests {
  private func table(windowMs: Int64 = 1_000) -> KeyTable {
    KeyTable(LimitRule(.global(key: "user_id", maxRequests: 100, window: .milliseconds(windowMs)), index: 0))
  }

  private func use(_ table: inout KeyTable, _ key: String, at now: Int64) {
    let hashed = HashedKey(ByteText(key))
    if case .admitted? = table.admit(hashed, now: now) { return }
    table.record(table.insert(hashed, now: now), now: now)
  }

  private func value(_ slot: Int32?, in table: KeyTable, of keys: [String]) -> String? {
    keys.first { table.slot(of: HashedKey(ByteText($0))) == slot }
  }

  @Test("to make room, a key that was used a moment ago stays, though it did not move up in the list then")
  func secondChance() {
    var table = table()
    for (time, key) in ["a", "b", "c"].enumerated() { use(&table, key, at: Int64(time)) }
    use(&table, "a", at: 10)
    let slot = table.oldestSlot()
    #expect(value(slot, in: table, of: ["a", "b", "c"]) == "b")
  }

  @Test("a clock reading that comes late does not move a key up again")
  func lateReading() {
    var table = table()
    use(&table, "a", at: 1_000)
    use(&table, "b", at: 1_001)
    use(&table, "a", at: 990)
    #expect(value(table.oldestSlot(), in: table, of: ["a", "b"]) == "a")
  }

  @Test(
    "whatever is used when, an expired key is gone half a window after its end, and no other is",
    arguments: 0..<8)
  func expiry(seed: Int) {
    var numbers = SeededRandom(seed: UInt64(seed))
    var table = table()
    var lastUse: [String: Int64] = [:]
    var now: Int64 = 0
    for _ in 0..<5_000 {
      now += Int64.random(in: 0...20, using: &numbers)
      let key = "\(Int.random(in: 0..<60, using: &numbers))"
      use(&table, key, at: now)
      lastUse[key] = now
      _ = table.removeExpired(now: now, most: .max)
      for (key, last) in lastUse {
        let isTracked = table.slot(of: HashedKey(ByteText(key))) != nil
        if now - last < 1_000 { #expect(isTracked) }
        if now - last >= 1_500 { #expect(!isTracked) }
      }
    }
  }
}
