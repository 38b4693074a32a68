import GenAPIValue
import Locking

/// Which claims of a token limits can count by, since the start or a reload. Used from every thread.
final class CountedClaims: Sendable {
  private let current: Mutex<[ByteText]>

  init(_ names: [ByteText]) { current = Mutex(names) }

  var names: [ByteText] { current.withLock { $0 } }

  func replace(by names: [ByteText]) { current.withLock { $0 = names } }
}
