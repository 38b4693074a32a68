import GenAPIGateway
import Locking

/// The asynchronous calls and streams of one socket, over all its topics: they take places among the requests that it
/// may have under way. Counted from any thread.
final class SocketWork: WorkObserver {
  private let hub: ServerHub
  private let all = Atomic<Int>(0)
  private let ofStreams = Atomic<Int>(0)
  private let hasWaiting = Atomic<Bool>(false)
  private let socket = Mutex<SocketHandler.Reference?>(nil)

  init(hub: ServerHub) { self.hub = hub }

  /// Those that run.
  var count: Int { all.load(ordering: .sequentiallyConsistent) }
  /// Of these the streams, whose end nobody knows.
  var streams: Int { ofStreams.load(ordering: .sequentiallyConsistent) }

  /// Once the socket is on its event loop.
  func open(_ reference: SocketHandler.Reference) { socket.withLock { $0 = reference } }

  /// Says whether the socket wants to know when a place is free; to be said before it looks whether one is.
  func setWaiting(_ waits: Bool) { hasWaiting.store(waits, ordering: .sequentiallyConsistent) }

  func workBegan(isStream: Bool) {
    hub.workBegins()
    all.add(1, ordering: .sequentiallyConsistent)
    if isStream { ofStreams.add(1, ordering: .sequentiallyConsistent) }
  }

  func workEnded(isStream: Bool) {
    all.subtract(1, ordering: .sequentiallyConsistent)
    if isStream { ofStreams.subtract(1, ordering: .sequentiallyConsistent) }
    if hasWaiting.load(ordering: .sequentiallyConsistent) {
      socket.withLock { $0 }?.perform { $0.placeIsFree() }
    }
    hub.requestEnded()
  }
}
