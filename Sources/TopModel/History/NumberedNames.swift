import GenAPIValue

/// Gives each name a small number, so that history holds numbers; at most `limit` names at one time.
struct NumberedNames: Sendable {
  private var numbers: [ByteText: Int32] = [:]
  private var free: [Int32] = []
  private var next: Int32 = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var isFull: Bool { numbers.count >= limit }

  /// nil when the limit is reached.
  mutating func number(_ name: ByteText) -> Int32? {
    if let number = numbers[name] { return number }
    guard !isFull else { return nil }
    let number: Int32
    if let reused = free.popLast() {
      number = reused
    } else {
      number = next
      next += 1
    }
    numbers[name] = number
    return number
  }

  func find(_ name: ByteText) -> Int32? { numbers[name] }

  /// When full, takes back the numbers that are neither in use nor those of a name that is still there.
  mutating func recycle(keeping used: Set<Int32>, _ names: Set<ByteText>) {
    guard isFull else { return }
    for (name, number) in numbers where !used.contains(number) && !names.contains(name) {
      numbers[name] = nil
      free.append(number)
    }
  }
}
