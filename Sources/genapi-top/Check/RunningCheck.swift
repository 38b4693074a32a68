import ArgumentParser
import Foundation
import TopModel

/// Watches gateways until a check's verdict falls.
struct RunningCheck {
  /// How long targets may take to answer at first, in milliseconds.
  private static let patienceForTargets: Int64 = 5_000
  /// Between two looks, in milliseconds: as often as gateways send.
  private static let interval: Int64 = 1_000

  let rule: AlertExpression
  /// How long it must hold, in milliseconds.
  let hold: Int64
  /// How long it may take to begin to hold, in milliseconds.
  let patience: Int64

  /// - Throws: an exit code of 2, after having told why nothing can be said.
  func run(_ feed: any Feed, _ wake: WakePipe) throws -> CheckVerdict {
    var ledger = ConnectionLedger()
    var model = ClusterModel(targets: feed.targets, intervalMs: feed.intervalMs)
    let places = Dictionary(
      feed.targets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
    func pump(for limit: Int64, until isDone: () -> Bool) {
      let deadline = Monotonic.milliseconds() + limit
      while !isDone() {
        let left = deadline - Monotonic.milliseconds()
        guard left > 0 else { return }
        wake.wait(atMost: left)
        for message in feed.take() {
          ledger.note(message)
          if let index = places[message.target], let news = ModelMessage(message.event, target: index) {
            model.fold(news, at: now())
          }
        }
      }
    }
    feed.start()
    defer { feed.stop() }
    pump(for: Self.patienceForTargets) { ledger.isSettled(feed.targets) }
    guard rule.isAboutNodes || ledger.live.count == feed.targets.count else {
      throw unreachable(feed, ledger)
    }
    // Rates need two sets of numbers.
    pump(for: Self.interval + 300) { false }
    let start = Monotonic.milliseconds()
    var progress = CheckProgress(rule: rule, hold: hold, deadline: start + patience)
    while true {
      guard rule.isAboutNodes || ledger.live.count == feed.targets.count else {
        throw unreachable(feed, ledger)
      }
      model.fold(.tick, at: now())
      let found = model.evaluate(rule, window: .tenSeconds)
      if let verdict = progress.note(found, at: Monotonic.milliseconds()) { return verdict }
      pump(for: Self.interval) { false }
    }
  }

  private func unreachable(_ feed: any Feed, _ ledger: ConnectionLedger) -> any Error {
    for target in feed.targets where !ledger.live.contains(target) {
      Complaint.say("\(target): \(ledger.problems[target] ?? "no answer within 5 s")")
    }
    return Complaint.end("it cannot be told without every gateway", code: 2)
  }
}
