import GenAPITelemetry
import GenAPIValue

/// The entries of one section, of all gateways, and where they stand in the summary.
package struct SummaryList: Sendable {
  /// An entry of one gateway.
  struct Placed<Entry: StateEntry>: Encodable, Sendable {
    var node: ByteText
    var state: Entry
    /// The fields that its gateway does not tell, by the names on the way to each: they are left out.
    var unknown: [ArraySlice<ByteText>] = []

    private enum CodingKeys: String, CodingKey {
      case node
      case state
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(node, forKey: .node)
      guard !unknown.isEmpty else { return try container.encode(state, forKey: .state) }
      let whole = try ValueEncoder().encode(state)
      try container.encode(unknown.reduce(whole) { $0.without($1) }, forKey: .state)
    }
  }

  /// A field, or a field within an object.
  package let place: [ByteText]
  /// nil where no gateway tells them.
  let entries: (any Encodable & Sendable)?

  /// Those of the sections that have a place, in their order.
  static func all(of states: [(node: ByteText, state: GatewayState)]) -> [SummaryList] {
    var listed = ListedSections(states: states)
    GatewayState.visitSections(&listed)
    return listed.lists
  }
}

extension Value {
  /// The value without the field that these names lead to, in every element of a list on the way.
  fileprivate func without(_ path: ArraySlice<ByteText>) -> Value {
    guard let name = path.first else { return self }
    if let elements = array { return .array(elements.map { $0.without(path) }) }
    guard var fields = object, let field = fields[name] else { return self }
    if path.count > 1 {
      fields[name] = field.without(path.dropFirst())
    } else {
      fields.removeValue(forKey: name)
    }
    return .object(fields)
  }
}

private struct ListedSections: SectionVisitor {
  let states: [(node: ByteText, state: GatewayState)]
  var lists: [SummaryList] = []

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    guard let place = section.document else { return }
    let isTold = states.isEmpty || states.contains { !$0.state.unknown.contains(StateField(section.name)) }
    guard isTold else { return lists.append(SummaryList(place: place, entries: nil)) }
    let entries = states.flatMap { node, state in
      let unknown = state.unknown.fields.map { StateField($0).parts[...] }
        .filter { $0.first == section.name && $0.count > 1 }.map { $0.dropFirst() }
      return state[keyPath: section.path].map {
        SummaryList.Placed(node: node, state: $0, unknown: unknown + $0.untold)
      }
    }
    lists.append(SummaryList(place: place, entries: entries))
  }
}

extension StateEntry {
  /// What nobody knows of an entry, though its gateway tells such: whether a node is up that nobody has seen yet.
  fileprivate var untold: [ArraySlice<ByteText>] {
    (self as? ServiceNodeState)?.isUnseen == true ? [["up"], ["since"]] : []
  }
}
