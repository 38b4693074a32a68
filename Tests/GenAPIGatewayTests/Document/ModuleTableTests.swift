import Foundation
import Testing

/// The table of modules in CONTRIBUTING.md is for people who look for a place; one that is wrong leads them elsewhere.
@Suite("The table of modules")
struct ModuleTableTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
  }

  /// By the folder of a target that is no test: the targets that it depends on.
  private static func declared() throws -> [String: Set<String>] {
    let package = try text("Package.swift")
    let start = try #require(package.range(of: "  targets: [")).upperBound
    var found: [String: Set<String>] = [:]
    for block in package[start...].components(separatedBy: "\n    .").dropFirst() {
      guard !block.hasPrefix("testTarget"), let name = block.firstMatch(of: /name: "([^"]+)"/)?.1 else {
        continue
      }
      let folder = block.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) } ?? "Sources/\(name)"
      guard !folder.hasPrefix("Tests/") else { continue }
      let own = block.replacing(/\.product\([^)]*\)/, with: "")
      let listed = own.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
      found[folder] = Set(listed.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
    return found
  }

  @Test("has every target, and what each imports of ours, as Package.swift has it")
  func table() throws {
    var written: [String: Set<String>] = [:]
    for line in try Self.text("CONTRIBUTING.md").split(separator: "\n") {
      guard let row = line.wholeMatch(of: /\| `((?:Sources|examples)\/[^`]+)` \| .+ \| ([^|]+) \|/) else {
        continue
      }
      let names = row.2 == "–" ? [] : row.2.split(separator: ", ").map(String.init)
      #expect(names == names.sorted(), "\(row.1): the order of names")
      #expect(written.updateValue(Set(names), forKey: String(row.1)) == nil, "\(row.1) stands there twice")
    }
    let declared = try Self.declared()
    #expect(declared.count > 20)
    #expect(Set(written.keys) == Set(declared.keys))
    for (folder, names) in declared { #expect(written[folder] == names, "\(folder)") }
  }
}
