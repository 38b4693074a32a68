import Locking

/// Whether a client's socket is taking a read just now, so that what is sent meanwhile is flushed with its end. Set
/// on the socket's event loop, and asked there.
final class ReceivingFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  private let unflushed = Atomic<Int>(0)

  var isSet: Bool {
    get { flag.load(ordering: .relaxed) }
    set { flag.store(newValue, ordering: .relaxed) }
  }

  /// True for every eighth: the server may begin with the first messages of many.
  func isFlushDue() -> Bool { unflushed.add(1, ordering: .relaxed).newValue % 8 == 0 }
}
