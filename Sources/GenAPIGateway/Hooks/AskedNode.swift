import GenAPIValue
import Locking

/// The node that a hook was asked of last; none where it runs here.
final class AskedNode: Sendable {
  private let node = Mutex<ByteText?>(nil)

  var name: ByteText? {
    get { node.withLock { $0 } }
    set { node.withLock { $0 = newValue } }
  }
}
