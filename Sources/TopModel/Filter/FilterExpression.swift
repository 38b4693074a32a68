import GenAPIStream
import GenAPIValue

/// The filter as the user typed it, and what it lets through.
///
/// Terms are parted by blanks and must all hold; `-` before a term negates it; `,` means or; `*` stands for
/// anything; quotes keep blanks and commas. Names are matched as gateways match them, case counts; a bare word is
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

  /// The part of the filter that gateways apply before they send: services, types and users. Names and categories of
  /// events are not pushed, so that a request's trace stays whole; of nodes only those that are left out, since a
  /// gateway knows itself by that term, and not the service node that a request ran on. What is beyond a gateway's
  /// bounds is left to this side.
  package var pushdown: EventFilter {
    var include = GenAPIStream.FilterTermList()
    var exclude = GenAPIStream.FilterTermList()
    for term in terms {
      guard var patterns = term.patterns else { continue }
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
      let fitting = patterns.filter { $0.utf8.count <= GenAPIStream.FilterTermList.maximumPatternBytes }
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
