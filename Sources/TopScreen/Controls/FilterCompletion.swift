/// What Tab offers in the filter: terms, and the values that are on the screen.
struct FilterCompletion: Equatable, Sendable {
  /// What stands before the completed part.
  var before: String
  /// What stands after it.
  var after: String
  var candidates: [String]
  var index: Int

  /// More than anybody walks through.
  private static let most = 200

  static let terms = [
    "service:", "type:", "node:", "user:", "req:", "trace:", "cat:", "event:", "version:", "status:", "dur:>",
  ]

  /// What a term asks for; nil for a value.
  static func meaning(of term: String) -> String? {
    switch term {
    case "service:": "of these services; * stands for anything, a,b is a or b"
    case "type:": "of these request types"
    case "node:": "of these gateways or service nodes"
    case "user:": "of these users"
    case "req:": "one request, by its id"
    case "trace:": "one trace, by its id"
    case "cat:": "events of a category"
    case "event:": "events of a name"
    case "version:": "of these versions"
    case "status:": "ok, error (open breakers and downs too), rejected or slow"
    case "dur:>": "longer than, such as 50ms; dur:< for shorter"
    default: nil
    }
  }

  var text: String { before + candidates[index] + after }
  var cursor: Int { before.count + candidates[index].count }

  /// nil when nothing fits.
  init?(_ line: FilterLine) {
    let editor = line.editor
    let head = editor.characters.prefix(editor.cursor)
    var start = (head.lastIndex(of: " ") ?? -1) + 1
    if start < head.count, head[start] == "-" { start += 1 }
    var candidates: [String]
    let term = String(head[start...])
    if let colon = term.firstIndex(of: ":") {
      candidates = line.values[String(term[..<colon])]
      let value = term[term.index(after: colon)...]
      start += term.count - (value.split(separator: ",", omittingEmptySubsequences: false).last ?? "").count
    } else {
      candidates = Self.terms
    }
    let typed = String(head[start...])
    candidates = Array(candidates.lazy.filter { $0.hasPrefix(typed) && $0 != typed }.prefix(Self.most))
    guard !candidates.isEmpty else { return nil }
    before = String(head.prefix(start))
    after = String(editor.characters.dropFirst(editor.cursor))
    self.candidates = candidates
    index = 0
  }

  mutating func next() { index = (index + 1) % candidates.count }
}
