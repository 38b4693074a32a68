import Foundation
import Testing

/// The tables in docs name tests; a test that was renamed or removed must not stay in them.
@Suite("What the docs say is tested")
struct TraceabilityTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

  /// Every text in the test sources; a name may be broken over lines nowhere but in its quotes.
  private static let texts: Set<Substring> = {
    let folder = root.appendingPathComponent("Tests")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var texts: Set<Substring> = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      let text = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").replacing("\\\"", with: "\"")
      // One text begins where another ends, so what lies between two is in it too.
      texts.formUnion(text.split(separator: "\"", omittingEmptySubsequences: false))
    }
    return texts
  }()

  private static func table(_ name: String) throws -> [[Substring]] {
    let text = try String(contentsOf: root.appendingPathComponent("docs/\(name)"), encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map {
      $0.split(separator: " | ", omittingEmptySubsequences: false)
    }
  }

  @Test(
    "every test that the tables name exists, and every row names one",
    arguments: ["differences.md", "document.md", "elixir-calls.md"])
  func named(_ file: String) throws {
    let rows = try Self.table(file)
    #expect(rows.count > 40)
    for row in rows {
      let names = (row.last ?? "").split(separator: "`", omittingEmptySubsequences: false).enumerated().filter
      { $0.offset % 2 == 1 }.map(
        \.element)
      #expect(!names.isEmpty, "\(row)")
      for name in names { #expect(Self.texts.contains(name), "\(name)") }
    }
  }

  @Test("the table of differences has all 58, and the tests of each bear its number")
  func complete() throws {
    let rows = try Self.table("differences.md")
    let numbers = rows.map { String($0[0].dropFirst(2)) }
    #expect(numbers == (1...58).map { "W-" + ($0 < 10 ? "0" : "") + "\($0)" })
    for row in rows {
      let number = row[0].dropFirst(2)
      #expect(row.last?.contains(number) == true, "\(row)")
    }
  }
}
