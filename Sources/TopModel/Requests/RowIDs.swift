import GenAPIValue

/// The identities of a pane's rows in their order. Those of ten thousand functions are looked up, not listed.
package struct RowIDs: RandomAccessCollection, Sendable {
  private enum Kept: Sendable {
    case list([ByteText])
    case order(RequestOrder)
  }

  private let kept: Kept

  package init(_ list: [ByteText] = []) { kept = .list(list) }

  init(_ order: RequestOrder) { kept = .order(order) }

  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch kept {
    case .list(let list): list.count
    case .order(let order): order.count
    }
  }

  package subscript(position: Int) -> ByteText {
    switch kept {
    case .list(let list): list[position]
    case .order(let order): order.id(at: position)
    }
  }

  /// Where an identity stands; nil when there is none.
  package func firstIndex(of id: ByteText) -> Int? {
    switch kept {
    case .list(let list): list.firstIndex(of: id)
    case .order(let order): order.position(of: id)
    }
  }
}

extension RowIDs: Equatable {
  package static func == (one: RowIDs, other: RowIDs) -> Bool {
    one.count == other.count && one.elementsEqual(other)
  }
}

extension RowIDs: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: ByteText...) { self.init(elements) }
}
