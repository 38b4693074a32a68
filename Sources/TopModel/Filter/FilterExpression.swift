import GenAPIStream
import GenAPIValue

/// The filter as the user typed it, and what it lets through.
///
/// Terms are parted by blanks and must all hold; `-` before a term negates it; `,` means or; `*` stands for
/// anything; quotes keep blanks and commas. A term on something that a row does not have, such as a service on
/// a relay group, does not narrow that pane; an event without it does not pass.
public struct FilterExpression: Equatable, Sendable {
  public private(set) var text = ""
  private(set) var terms: [FilterTerm] = []

  /// Lets everything through.
  public init() {}

  /// - Throws: `FilterError` with the part that is not understood.
  public init(parsing text: String) throws(FilterError) {
    var parser = FilterParser(text)
    terms = try parser.terms()
    self.text = text
  }

  public var isEmpty: Bool { terms.isEmpty }

  /// The part of the filter that gateways apply before they send: services, types, users and nodes. Names and
  /// categories of events are not pushed, so that a request's trace stays whole.
  public var pushdown: EventFilter {
    var include = GenAPIStream.FilterTerms()
    var exclude = GenAPIStream.FilterTerms()
    for term in terms {
      guard var patterns = term.patterns else { continue }
      let path: WritableKeyPath<GenAPIStream.FilterTerms, [ByteText]>
      switch term.key {
      case .service: path = \.services
      case .type: path = \.requestTypes
      case .user: path = \.users
      case .node:
        path = \.nodes
        // `gw1#2` is our name for it: the gateway calls itself gw1.
        if term.isNegated {
          patterns.removeAll { $0.utf8.contains(UInt8(ascii: "#")) }
        } else {
          patterns = patterns.map { $0.parted(at: UInt8(ascii: "#"))?.before ?? $0 }
        }
      default: continue
      }
      if term.isNegated {
        exclude[keyPath: path] += patterns
      } else if include[keyPath: path].isEmpty {
        // A second term of the same kind narrows further; here it is enough to send a little too much.
        include[keyPath: path] = patterns
      }
    }
    return EventFilter(include: include, exclude: exclude)
  }
}
