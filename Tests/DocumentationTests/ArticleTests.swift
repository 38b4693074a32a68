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
  /// The pages of docs/, but for the one whose blocks are of a manifest.
  static let documents = (try? files("docs", ".md"))?.filter { $0.lastPathComponent != "products.md" } ?? []

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

  @Test("every block of Swift in a page is a sample that tests compile and run", arguments: pages + documents)
  func compiled(_ page: URL) throws {
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
      .dropFirst()
    for block in blocks {
      let code = try #require(block.components(separatedBy: "\n```").first)
      let isSample = Self.samples.contains(code)
      #expect(isSample, "\(page.lastPathComponent): \(code)")
    }
  }

  @Test(
    "the manifest to begin with has the tools' version and platforms of the package, and products that there are"
  )
  func manifest() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }
    let (package, page) = (try text("Package.swift"), try text("docs/products.md"))
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    try #require(blocks.count == 3)
    func lines(_ start: String) -> [Substring] {
      package.split(separator: "\n").filter { $0.hasPrefix(start) }
    }
    for line in lines("// swift-tools-version") + lines("  platforms:") {
      #expect(blocks[0].contains(line + "\n"), "\(line)")
    }
    for product in page.components(separatedBy: ".product(name: \"").dropFirst() {
      #expect(package.contains(".library(name: \"\(product.prefix { $0 != "\"" })\""))
    }
    // By path, the name that the targets use has to be given.
    #expect(
      blocks[0].contains("package: \"genapi-swift\"") && blocks[2].contains("name: \"genapi-swift\", path: "))
    // The README's program, with its main, is built by it: a file of its own imports what it calls.
    let main = blocks[1].split(separator: "import GenAPI\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    #expect(main.count == 2 && main[0].isEmpty && Self.samples.contains(String(main[1])), "\(blocks[1])")
    let imports = try text("Tests/GenAPIServerTests/Readme/ReadmeSample.swift").split(separator: "\n")
      .filter { $0.hasPrefix("import ") }.map { $0.dropFirst("import ".count) }
    for product in imports { #expect(blocks[0].contains(".product(name: \"\(product)\""), "\(product)") }
    for row in page.split(separator: "\n") where row.hasPrefix("| ") && row.contains("| `") {
      // What one writes, what to take, what it brings; or what was weighed, and a remark.
      let cells = row.split(separator: "|")
      let names = cells[cells.count > 2 ? 1 : 0].components(separatedBy: "`").enumerated()
        .filter { $0.offset % 2 == 1 }.map(\.element)
      for name in cells.count > 2 ? names : Array(names.prefix(1)) {
        #expect(package.contains(".library(name: \"\(name)\"") || name == "GenAPIServer", "\(name)")
      }
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

  @Test("every method that a page links to is declared, with the labels that the link has", arguments: pages)
  func links(_ page: URL) throws {
    let text = try String(contentsOf: page, encoding: .utf8)
    for link in text.components(separatedBy: "``").enumerated().filter({ $0.offset % 2 == 1 }).map(\.element)
    {
      guard link.hasSuffix(")"), let name = link.split(separator: "/").last?.split(separator: "(").first,
        let labels = link.split(separator: "(").last?.dropLast().split(separator: ":")
      else { continue }
      #expect(
        Self.declared[name, default: []].contains { declaration in
          let first = declaration.drop { $0 != "(" }.dropFirst().drop { $0.isWhitespace }
          return (labels.isEmpty || first.hasPrefix(labels[0] + (labels[0] == "_" ? " " : "")))
            && labels.dropFirst().allSatisfy { declaration.contains(" \($0)") }
        }, "\(page.lastPathComponent): \(link)")
    }
  }

  /// What all code of the libraries declares that is called, by its name: what follows it there.
  private static let declared: [Substring: [Substring]] = {
    var declared: [Substring: [Substring]] = [:]
    for file in (try? files("Sources", ".swift")) ?? [] {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for match in text.matches(of: /(?:func |case |\b)(\w+)(?=[(<])/) {
        guard match.output.0.contains(" ") || match.output.1 == "init" else { continue }
        declared[match.output.1, default: []].append(text[match.range.upperBound...].prefix(500))
      }
    }
    return declared
  }()

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
