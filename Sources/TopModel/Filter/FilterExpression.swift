import GenAPIStream
import GenAPIValue

/// The filter as the user typed it, and what it lets through.
///
/// Terms are parted by blanks and must all hold; `-` before a term negates it; `,` means or; `*` stands for
/// anything; quotes keep blanks and commas, and within them a backslash what would end or mean something: `\"`, `\\`, `\*`, and
/// `\u{1F}` what cannot be typed. Names are matched as gateways match them, case counts; a bare word is
/// looked for anywhere, whatever its case. A term on something that a row does not have, such as a service on
/// a relay group, does not narrow that pane; an event without it does not pass.
package struct FilterExpression: Equatable, Sendable {
  package private(set) var text = ""
  private(set) var terms: [FilterTerm] = []

  /// Lets everything through.
  package init() {}

  /// - Throws: `FilterError` with the part that is not understood.
  package init(parsing text: String) throws(FilterError) {
    var parser = FilterParser(text)
    terms = try parser.terms()
    self.text = text
  }

  package var isEmpty: Bool { terms.isEmpty }

  /// What the terms are about, as they are written: `service`, `user`.
  package var keys: [String] {
    var seen: Set<FilterTerm.Key> = []
    return terms.map(\.key).filter { seen.insert($0).inserted }.map(\.rawValue)
  }

  /// Whether a term is about functions, and not only about where they run.
  var narrowsFunctions: Bool { terms.contains { [.service, .type, .version, .text].contains($0.key) } }

  /// The same without some of its terms.
  func keeping(_ isKept: (FilterTerm) -> Bool) -> FilterExpression {
    var filter = self
    filter.terms = terms.filter(isKept)
    return filter
  }

  /// The part of the filter that gateways apply before they send: services, types and users. Names and categories of
  /// events are not pushed, so that a request's trace stays whole; of nodes only those that are left out, since a
  /// gateway knows itself by that term, and not the service node that a request ran on. What is beyond a gateway's
  /// bounds is left to this side.
  package var pushdown: EventFilter {
    var include = GenAPIStream.FilterTermList()
    var exclude = GenAPIStream.FilterTermList()
    for term in terms {
      guard let globs = term.globs else { continue }
      // A star that stands for itself means anything to a gateway: what it lets through beyond that is left out here, what it
      // left out would be missing.
      var patterns = globs.filter { !term.isNegated || $0.isText }.map(\.text)
      let path: WritableKeyPath<GenAPIStream.FilterTermList, [ByteText]>
      switch term.key {
      case .service: path = \.services
      case .type: path = \.requestTypes
      case .user: path = \.users
      case .node where term.isNegated:
        path = \.nodes
        // `gw1#2` is our name for it: the gateway calls itself gw1.
        patterns.removeAll { $0.utf8.contains(UInt8(ascii: "#")) }
      default: continue
      }
      let fitting = patterns.filter {
        !$0.isEmpty && $0.utf8.count <= GenAPIStream.FilterTermList.maximumPatternBytes
      }
      if term.isNegated {
        exclude[keyPath: path] += fitting
        exclude[keyPath: path] = Array(
          exclude[keyPath: path].prefix(GenAPIStream.FilterTermList.maximumPatterns))
      } else if include[keyPath: path].isEmpty, fitting.count == patterns.count,
        fitting.count <= GenAPIStream.FilterTermList.maximumPatterns
      {
        // A second term of the same kind narrows further; here it is enough to send a little too much.
        include[keyPath: path] = patterns
      }
    }
    return EventFilter(include: include, exclude: exclude)
  }
}
