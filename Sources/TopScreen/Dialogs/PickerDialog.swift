import GenAPIValue

/// A list to choose from: several with space, or one with Enter.
package struct PickerDialog: Equatable, Sendable {
  package enum Purpose: Equatable, Sendable {
    case services, nodes, events, latencyScope, users
    /// What a pane is sorted by, and which of its columns are shown.
    case sort(PaneKind), columns(PaneKind)
    /// The moment that panes are compared with.
    case mark

    /// One is picked, with Enter.
    var isSingle: Bool {
      switch self {
      case .latencyScope, .users, .sort, .mark: true
      case .services, .nodes, .events, .columns: false
      }
    }

    var title: String {
      switch self {
      case .services: "Services"
      case .nodes: "Nodes"
      case .events: "Event categories"
      case .latencyScope: "Latency of"
      case .users: "Everything about a user"
      case .sort(let pane): "Sort \(pane.title) by"
      case .mark: "Compare with"
      case .columns(let pane): "Columns of \(pane.title)"
      }
    }

    /// The filter's term for it.
    var term: String? {
      switch self {
      case .services: "service"
      case .nodes: "node"
      case .events: "cat"
      case .latencyScope, .users, .sort, .columns, .mark: nil
      }
    }
  }

  /// In the list of columns to sort by: the order that a pane has by itself.
  static let usual = "as usual, the worst first"

  /// In the list of moments to compare with.
  static let noMark = "nothing: stop comparing"

  package struct Item: Equatable, Sendable {
    package var label: String
    /// Who or what it names, as it came from outside.
    var name: ByteText?
    package var isOn: Bool
    /// As a filter's term says it.
    var written: String?
    /// For the choice of a latency scope: service and request type.
    var service: ByteText?
    var requestType: ByteText?
    /// For the choice of a mark, microseconds since the Unix epoch.
    var at: Int64?

    init(_ label: String, isOn: Bool = false, service: ByteText? = nil, requestType: ByteText? = nil) {
      self.label = label
      self.isOn = isOn
      self.service = service
      self.requestType = requestType
    }
  }

  package var purpose: Purpose
  package var items: [Item]
  /// Typing narrows the list.
  package var query = LineEditor()
  package var selected = 0

  init(_ purpose: Purpose, items: [Item]) {
    self.purpose = purpose
    self.items = items
    selected = items.firstIndex(where: \.isOn) ?? 0
  }

  /// Places in `items` of those shown.
  var shown: [Int] {
    let query = query.text.lowercased()
    let found = items.indices.filter { query.isEmpty || items[$0].label.lowercased().contains(query) }
    // What is called just that stands before what has it somewhere: `u_1` before `u_17`.
    guard purpose == .users, let exact = found.first(where: { items[$0].label.lowercased() == query }) else {
      return found
    }
    return [exact] + found.filter { $0 != exact }
  }
}
