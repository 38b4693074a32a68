import Foundation
import Testing

/// What the articles show is what the samples run.
@Suite("Articles")
struct ArticleTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

  /// The samples' texts, without their indentation.
  private static func samples() throws -> Set<String> {
    var samples = Set<String>()
    for name in ["GettingStartedSamples", "RuleSamples", "EndpointSamples"] {
      let file = root.appendingPathComponent("Tests/GenAPIGatewayTests/Articles/\(name).swift")
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
    }
    return samples
  }

  @Test(
    "every block of Swift in an article is a sample that these tests compile and run",
    arguments: [
      "GenAPIGateway", "GettingStarted", "FunctionConfigs", "RateLimiting", "Permissions", "Relaying",
      "Streaming", "Telemetry", "EndpointTypes", "EndpointOptions",
    ])
  func compiled(_ article: String) throws {
    let file = Self.root.appendingPathComponent("Sources/GenAPIGateway/GenAPIGateway.docc/\(article).md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let samples = try Self.samples()
    let blocks = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(!blocks.isEmpty)
    for block in blocks { #expect(samples.contains(block), "\(block)") }
  }
}
