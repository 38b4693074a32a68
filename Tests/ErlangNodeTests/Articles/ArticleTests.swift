import Foundation
import Testing

/// What the articles show is what the samples run.
@Suite("Articles on the Erlang node")
struct ArticleTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

  /// The samples' texts, without their indentation.
  private static func samples() throws -> Set<String> {
    let file = root.appendingPathComponent("Tests/ErlangNodeTests/Articles/NodeSamples.swift")
    var samples = Set<String>()
    var sample: [Substring]?
    var indent = 0
    for line in try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("// sample: ") {
        sample = []
        indent = line.count - text.count
      } else if text == "// end", let whole = sample {
        samples.insert(whole.joined(separator: "\n"))
        sample = nil
      } else {
        sample?.append(line.dropFirst(indent))
      }
    }
    return samples
  }

  @Test(
    "every block of Swift in an article is a sample that these tests compile and run",
    arguments: ["ErlangNode", "JoiningACluster", "Terms", "CallsBothWays", "CookiesAndTLS"])
  func compiled(_ article: String) throws {
    let file = Self.root.appendingPathComponent("Sources/ErlangNode/ErlangNode.docc/\(article).md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let blocks = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(!blocks.isEmpty)
    let samples = try Self.samples()
    for block in blocks { #expect(samples.contains(block), "\(block)") }
  }
}
