import Foundation
import GenAPIValue

/// Threads that the system, and whoever looks at a process, know by a name.
package enum NamedThread {
  /// Bytes of a name that the system keeps; of a longer one it would keep nothing.
  private static let mostBytes = 15

  /// Starts a thread that has its name before it does anything.
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let kept = ByteText(name).cut(bytes: mostBytes).string
    Thread {
      take(kept)
      body()
    }.start()
  }

  /// The system knows a thread by the name of the one that began it until it names itself, which does nothing while the one that began it
  /// has not come back from that. A name that is given before the start may be lost for the same reason.
  private static func take(_ name: String) {
    for _ in 0..<100 {
      Thread.current.name = name
      if Thread.current.name == name { return }
      Thread.sleep(forTimeInterval: 0.000_1)
    }
  }
}
