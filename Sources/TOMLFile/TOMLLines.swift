/// Where keys stand in a TOML file, since the parser keeps no positions of values.
public struct TOMLLines: Sendable {
  private let lineNumbers: [String: Int]

  public init(_ text: String) { lineNumbers = TOMLScanner(text).lineNumbers }

  /// From 1; the line of what the path is within, when the file does not set it by itself.
  public func line(of path: String) -> Int? {
    var path = path[...]
    while true {
      if let line = lineNumbers[String(path)] { return line }
      guard let dot = path.lastIndex(of: ".") else { return nil }
      path = path[..<dot]
    }
  }
}
