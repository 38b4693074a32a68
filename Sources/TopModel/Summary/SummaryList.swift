import GenAPITelemetry
import GenAPIValue

/// The entries of one section, of all gateways, and where they stand in the summary.
package struct SummaryList: Sendable {
  /// An entry of one gateway.
  struct Placed<Entry: StateEntry>: Encodable, Sendable {
    var node: ByteText
    var state: Entry
  }

  /// A field, or a field within an object.
  package let place: [ByteText]
  let entries: any Encodable & Sendable

  /// Those of the sections that have a place, in their order.
  static func all(of states: [(node: ByteText, state: GatewayState)]) -> [SummaryList] {
    var listed = ListedSections(states: states)
    GatewayState.visitSections(&listed)
    return listed.lists
  }
}

private struct ListedSections: SectionVisitor {
  let states: [(node: ByteText, state: GatewayState)]
  var lists: [SummaryList] = []

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    guard let place = section.document else { return }
    let entries = states.flatMap { node, state in
      state[keyPath: section.path].map { SummaryList.Placed(node: node, state: $0) }
    }
    lists.append(SummaryList(place: place, entries: entries))
  }
}
