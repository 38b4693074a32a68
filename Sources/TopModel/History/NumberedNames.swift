/// Gives each name a small number, so that history holds numbers; at most `limit` names.
struct NumberedNames: Sendable {
  private var numbers: [String: Int32] = [:]
  private(set) var names: [String] = []
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// nil when the limit is reached.
  mutating func number(_ name: String) -> Int32? {
    if let number = numbers[name] { return number }
    guard names.count < limit else { return nil }
    let number = Int32(names.count)
    numbers[name] = number
    names.append(name)
    return number
  }

  func find(_ name: String) -> Int32? { numbers[name] }
}
