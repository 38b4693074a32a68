import GenAPIStream
import MeasuredDashboard
import Synchronization

/// A dashboard that benchmarks share.
final class Watched: Sendable {
  let dashboard: Mutex<MeasuredDashboard>

  init(functions: Int) { dashboard = Mutex(MeasuredDashboard(functions: functions)) }

  func nextState() -> SubscriberEvent { dashboard.withLock { $0.nextState() } }

  func fold(_ news: SubscriberEvent) { dashboard.withLock { $0.fold(news) } }

  func draw() -> Int { dashboard.withLock { $0.draw() } }
}
