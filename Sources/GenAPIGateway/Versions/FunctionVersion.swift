import GenAPIValue

/// Orders versions: semantic versions by their precedence, anything else below them and by its text.
///
/// https://semver.org, section 11. Build metadata does not count, except to make the order total.
struct FunctionVersion: Comparable {
  let text: ByteText
  private let core: [Int64]?
  private let prerelease: [ByteText]

  init(_ text: ByteText) {
    self.text = text
    let withoutBuild = text.parted(at: UInt8(ascii: "+"))?.before ?? text
    let parts = withoutBuild.parted(at: UInt8(ascii: "-"))
    let numbers = (parts?.before ?? withoutBuild).split(separator: UInt8(ascii: "."))
    let core = numbers.map { Int64($0.string) }
    self.core = numbers.count == 3 && core.allSatisfy { $0 != nil && $0! >= 0 } ? core.map { $0! } : nil
    prerelease = (parts?.after ?? "").split(separator: UInt8(ascii: ".")).filter { !$0.isEmpty }
  }

  /// Of the form 1.2.3, with or without what may follow it.
  var isSemantic: Bool { core != nil }

  /// "", "0.0.0" and nil all mean that no version was named.
  static func effective(_ version: ByteText?) -> ByteText? {
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
  private static func precedes(_ a: [ByteText], _ b: [ByteText]) -> Bool? {
    if a == b { return nil }
    if a.isEmpty || b.isEmpty { return b.isEmpty }
    for (left, right) in zip(a, b) where left != right {
      switch (Int64(left.string), Int64(right.string)) {
      case (let x?, let y?): return x < y
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil): return left < right
      }
    }
    return a.count < b.count
  }
}
