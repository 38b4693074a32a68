/// A list in pieces: while somebody keeps a copy of it, whoever changes an element copies a piece, not the whole list.
struct PiecedList<Element> {
  private var pieces: [[Element]] = []
  private(set) var count = 0

  private static var length: Int { 32 }

  init() {}

  init(repeating element: Element, count: Int) { for _ in 0..<Swift.max(0, count) { append(element) } }

  mutating func append(_ element: Element) {
    if count % Self.length == 0 {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(Self.length)
    }
    pieces[pieces.count - 1].append(element)
    count += 1
  }
}

extension PiecedList: RandomAccessCollection, MutableCollection {
  var startIndex: Int { 0 }

  var endIndex: Int { count }

  // Where it lies: an element that is only looked at is not copied.
  subscript(index: Int) -> Element {
    _read { yield pieces[index / Self.length][index % Self.length] }
    _modify { yield &pieces[index / Self.length][index % Self.length] }
  }
}

extension PiecedList {
  /// Shows an element where it lies: one field of it is looked at without a copy of the others. The pointer is good for the call.
  func look<Result>(at index: Int, _ body: (UnsafePointer<Element>) -> Result) -> Result {
    pieces[index / Self.length].withUnsafeBufferPointer { piece in
      precondition(index % Self.length < piece.count)
      // There is a first element where there is this one.
      return body(piece.baseAddress! + index % Self.length)
    }
  }
}

extension PiecedList: Sendable where Element: Sendable {}
