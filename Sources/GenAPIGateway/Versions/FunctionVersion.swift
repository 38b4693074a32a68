/// Orders versions: semantic versions by their precedence, anything else below them and by its text.
///
/// https://semver.org, section 11. Build metadata does not count, except to make the order total.
struct FunctionVersion: Comparable {
  let text: String
  private let core: [Int64]?
  private let prerelease: [String]

  init(_ text: String) {
    self.text = text
    let withoutBuild = text.prefix { $0 != "+" }
    let parts = withoutBuild.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    let core = numbers.map { Int64($0) }
    self.core = numbers.count == 3 && core.allSatisfy { $0 != nil && $0! >= 0 } ? core.map { $0! } : nil
    prerelease = parts.count > 1 ? parts[1].split(separator: ".").map(String.init) : []
  }

  /// "", "0.0.0" and nil all mean that no version was named.
  static func effective(_ version: String?) -> String? {
    version == nil || version == "" || version == "0.0.0" ? nil : version
  }

  static func == (a: FunctionVersion, b: FunctionVersion) -> Bool { a.text == b.text }

  static func < (a: FunctionVersion, b: FunctionVersion) -> Bool {
    switch (a.core, b.core) {
    case (nil, nil): return a.text < b.text
    case (nil, _): return true
    case (_, nil): return false
    case (let left?, let right?):
      if left != right { return left.lexicographicallyPrecedes(right) }
    }
    if let order = precedes(a.prerelease, b.prerelease) { return order }
    return a.text < b.text
  }

  /// nil when both rank the same. A version with a prerelease is below the one without.
  private static func precedes(_ a: [String], _ b: [String]) -> Bool? {
    if a == b { return nil }
    if a.isEmpty || b.isEmpty { return b.isEmpty }
    for (left, right) in zip(a, b) where left != right {
      switch (Int64(left), Int64(right)) {
      case (let x?, let y?): return x < y
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil): return left < right
      }
    }
    return a.count < b.count
  }
}
