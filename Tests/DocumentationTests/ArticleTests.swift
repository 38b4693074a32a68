import Foundation
import Testing

/// What the pages show is what the samples run.
@Suite("Pages")
struct ArticleTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized

  /// Every file below a folder whose name ends so.
  private static func files(_ folder: String, _ end: String) throws -> [URL] {
    let folder = root.appendingPathComponent(folder)
    let paths = try #require(FileManager.default.enumerator(atPath: folder.path))
    return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(end) }.sorted()
      .map { folder.appendingPathComponent($0) }
  }

  static let pages = (try? files("Sources", ".md"))?.filter { $0.path.contains(".docc/") } ?? []

  /// What stands between the marks of the tests' samples, without its indentation.
  static let samples: Set<String> = {
    var samples = Set<String>()
    for file in (try? files("Tests", ".swift")) ?? [] {
      guard let text = try? String(contentsOf: file, encoding: .utf8), text.contains("// sample: ") else {
        continue
      }
      var sample: [Substring]?
      var indent = 0
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let bare = line.drop { $0 == " " }
        if bare.hasPrefix("// sample: ") {
          sample = []
          indent = line.count - bare.count
        } else if bare == "// end", let whole = sample {
          samples.insert(whole.joined(separator: "\n"))
          sample = nil
        } else {
          sample?.append(line.dropFirst(min(indent, line.count - bare.count)))
        }
      }
    }
    return samples
  }()

  @Test("every block of Swift in a page is a sample that tests compile and run", arguments: pages)
  func compiled(_ page: URL) throws {
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
      .dropFirst()
    for block in blocks {
      let code = try #require(block.components(separatedBy: "\n```").first)
      #expect(Self.samples.contains(code), "\(page.lastPathComponent): \(code)")
    }
  }

  @Test("every sample with a function that takes arguments is called with extreme numbers, texts and lists")
  func extremes() throws {
    var samples = 0
    for file in try Self.files("Tests", ".swift") where file.lastPathComponent != "ArticleTests.swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.contains("// sample: ") else { continue }
      for test in text.components(separatedBy: "@Test(").dropFirst() {
        let shown = test.components(separatedBy: "// sample: ").dropFirst().map {
          $0.components(separatedBy: "// end")[0]
        }
        guard shown.contains(where: { $0.contains("Argument(\"") || $0.contains("ArgumentSpec(") }) else {
          continue
        }
        samples += 1
        #expect(test.contains(".callWithExtremes()"), "\(file.lastPathComponent): \(test.prefix(60))")
      }
    }
    #expect(samples >= 8)
  }

  @Test("every page is in its catalogue's list, and every page that one names is there", arguments: pages)
  func linked(_ page: URL) throws {
    let folder = page.deletingLastPathComponent()
    let module = folder.deletingPathExtension().lastPathComponent
    let overview = try String(contentsOf: folder.appendingPathComponent("\(module).md"), encoding: .utf8)
    let name = page.deletingPathExtension().lastPathComponent
    #expect(name == module || overview.contains("- <doc:\(name)>"), "\(module) does not list \(name)")
    let text = try String(contentsOf: page, encoding: .utf8)
    for link in text.components(separatedBy: "<doc:").dropFirst() {
      let named = folder.appendingPathComponent("\(link.prefix { $0 != ">" }).md")
      #expect(FileManager.default.fileExists(atPath: named.path), "\(name) names \(named.lastPathComponent)")
    }
  }
}
