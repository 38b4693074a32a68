import GenAPIValue
import OutsideText
import TopModel
import TopScreen

/// When gateways of a recording were away, from what the recording has of before and after: what a gateway that is away now will have been
/// the file knows already.
struct RecordedOutages {
  /// A time of which nothing is recorded of a gateway that told before.
  private struct Outage {
    var from: Int64
    var to: Int64
    /// It was started meanwhile.
    var isRestart: Bool
  }

  /// Of each gateway when it was heard last, in microseconds since the Unix epoch.
  private var heardAt: [ByteText: Int64] = [:]
  private var startedAt: [ByteText: Int64] = [:]
  private var latest: [ByteText: Outage] = [:]

  mutating func note(_ message: FeedMessage, at: Int64) {
    let target = message.target
    switch message.event {
    case .connected(let hello):
      let known = startedAt.updateValue(hello.startedAt, forKey: target)
      if let from = heardAt[target] {
        // One that recording found in the middle of a connection says no start.
        let isRestart = known.map { $0 != 0 && hello.startedAt != 0 && $0 != hello.startedAt } ?? false
        latest[target] = Outage(from: from, to: at, isRestart: isRestart)
      }
      heardAt[target] = at
    case .closed: break
    default:
      if let from = heardAt[target], at.saturatingSubtract(from) > Self.leastSilence {
        latest[target] = Outage(from: from, to: at, isRestart: false)
      }
      heardAt[target] = at
    }
  }

  /// A shorter one is a busy machine, in microseconds.
  private static let leastSilence: Int64 = 10_000_000

  /// Whether something is recorded of a gateway after a moment.
  func isHeard(_ target: ByteText, after moment: Int64) -> Bool {
    heardAt[target].map { $0 >= moment } ?? false
  }

  /// What a gateway that tells nothing at a moment had, in words behind its address.
  ///
  /// - Parameter reason: as it is known at that moment: `fell silent`, `stopped (it said so)`.
  func words(_ target: ByteText, _ reason: String, at moment: Int64, _ clock: ClockOffset) -> String {
    guard let outage = latest[target], outage.to >= moment else {
      return heardAt[target].map {
        "\(reason) at \(TimeText.clock($0, offset: clock)), to the recording's end"
      }
        ?? reason
    }
    let isSilence = reason == Self.silence
    let what = outage.isRestart ? "was restarted" : isSilence ? "was away" : "came back"
    return (isSilence ? what : "\(reason) and \(what)") + ", \(span(outage, clock))"
  }

  /// Gateways that were away within a time: `gw1:4710 was restarted, nothing of it from 03:12:01 to 03:12:20`.
  func words(since moment: Int64, _ clock: ClockOffset) -> [String] {
    latest.filter { $0.value.to >= moment }.sorted { $0.key < $1.key }.map { target, outage in
      "\(target) was \(outage.isRestart ? "restarted" : "away"), \(span(outage, clock))"
    }
  }

  private func span(_ outage: Outage, _ clock: ClockOffset) -> String {
    "nothing of it from \(TimeText.clock(outage.from, offset: clock)) to \(TimeText.clock(outage.to, offset: clock))"
  }

  /// How `ClusterModel.silences` says it.
  private static let silence = "fell silent"
}
