import Foundation
import Synchronization

/// Which thread something ran on.
final class RunningThread: Sendable {
  private let noted = Atomic(0)

  /// The number of the thread that noted itself last; 0 for none.
  var last: Int { noted.load(ordering: .relaxed) }

  /// Notes the thread that calls this.
  func note() { noted.store(Self.current, ordering: .relaxed) }

  /// Asked of the system each time: what the compiler takes for one thread's may be kept while a task moves to another.
  static var current: Int {
    var bytes = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/thread-self", &bytes, bytes.count)
    guard count > 0 else { return 0 }
    return bytes[..<count].reduce(0) { (48...57).contains($1) ? $0 &* 10 &+ Int($1 - 48) : 0 }
  }
}
