import GenAPIStream
import GenAPIValue

/// Makes of a recording's frames what a connection to each gateway would have told.
struct RecordedConnections {
  /// At least one; frames that name none are of the first.
  private let targets: [ByteText]
  private var connected: Set<ByteText> = []

  init(_ targets: [ByteText]) { self.targets = targets }

  mutating func messages(for frame: RecordedFrame) -> [FeedMessage] {
    let target = frame.target ?? targets[0]
    // Of targets that the header does not name nothing is shown, and nothing kept.
    guard targets.contains(target) else { return [] }
    switch frame.frame {
    case .hello(let hello):
      connected.insert(target)
      return [FeedMessage(target: target, event: .connected(hello), at: frame.at)]
    case .bye(let reason):
      connected.remove(target)
      return [FeedMessage(target: target, event: .closed(reason: reason), at: frame.at)]
    case .snapshot, .state, .event, .dropped:
      var messages: [FeedMessage] = []
      if connected.insert(target).inserted {
        // Recording began in the middle of a connection.
        messages.append(FeedMessage(target: target, event: .connected(Hello(node: target)), at: frame.at))
      }
      return messages + [FeedMessage(target: target, event: .frame(frame.frame), at: frame.at)]
    case .ping, .pong, .subscribe, .error, .recording, .unknown: return []
    }
  }
}
