import Foundation
import Testing

/// A time that a program's author writes is a `Duration`: whoever reads it need not know its unit.
@Suite("Times in the public interface")
struct PublicTimeTests {
  /// What goes over the wire in a stated unit, readings of clocks, and what was measured.
  private static let measured = [
    "GenAPITelemetry/Events/", "GenAPITelemetry/State/", "GenAPITelemetry/Bus/", "GenAPIStream/Frames/",
    "GenAPIGateway/Diagnostics/", "GenAPIGateway/RateLimiter/RateLimitDecision.swift",
    "GenAPIGateway/Time/GatewayClock.swift", "GenAPIGateway/Time/ISO8601Timestamp.swift",
    "GenAPIGateway/Endpoints/TimeArguments.swift", "GenAPITesting/VirtualClock.swift",
  ]

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// All libraries of the package.
  private static let products: [String] =
    (try? String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8))?
    .matches(of: /\.library\(name: "(\w+)"/).map { String($0.1) } ?? []

  @Test("are durations, not integers with a unit in their names")
  func durations() throws {
    try #require(Self.products.count > 14)
    let sources = Self.root.appending(path: "Sources")
    let unit =
      /\b(?:\w+(?:Ms|Us|Ns|Seconds)|(?:milli|micro|nano)?seconds)\b(?: \w+)?(?:: *(?:Int|Double|UInt)| = (?:Self\.)?[\w.]*\d)/
    var wrong: [String] = []
    for product in Self.products {
      let files = FileManager.default.enumerator(atPath: sources.appending(path: product).path)
      while let name = files?.nextObject() as? String {
        let path = "\(product)/\(name)"
        guard path.hasSuffix(".swift"), !Self.measured.contains(where: path.hasPrefix) else { continue }
        let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
        for declaration in Self.publicDeclarations(of: text) where declaration.contains(unit) {
          wrong.append("\(path): \(declaration)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  /// Each from its `public` to the end of its signature.
  private static func publicDeclarations(of text: String) -> [String] {
    var found: [String] = []
    var current: String?
    for line in text.split(separator: "\n") {
      let line = line.trimmingCharacters(in: .whitespaces)
      if current == nil, line.hasPrefix("public ") || line.contains(" public ") { current = "" }
      guard let begun = current, !line.hasPrefix("//") else { continue }
      let whole = begun + line
      let open = whole.count { $0 == "(" } - whole.count { $0 == ")" }
      current = open > 0 ? whole + " " : nil
      if current == nil { found.append(whole) }
    }
    return found
  }
}
