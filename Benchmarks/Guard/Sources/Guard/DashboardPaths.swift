import GenAPIStream
import GenAPITelemetry
import MeasuredDashboard

/// What the dashboard does with an event, and the drawing of one frame of 120 columns and 36 rows.
enum DashboardPaths {
  static let all = [folded, drawn, foldedState, drawnOfMany]

  private static let folded = HotPath("an event folded into the dashboard's model", warmUp: 20_000) {
    var dashboard = MeasuredDashboard(functions: 100)
    let record = EventRecord(
      node: "gw1", sequence: 1, at: 60_000_000, name: EventName.executorRequestStop.path,
      measurements: ["duration_us": 1_204],
      metadata: ["service": "service_1", "request_type": "call_1", "request_id": "req_81f2", "outcome": "ok"])
    return { _ in dashboard.fold(.frame(.event(record)), at: 60_000_000) }
  }

  private static let drawn = HotPath(
    "a frame of the dashboard with 100 functions, between two states", calls: 50, warmUp: 5
  ) {
    let dashboard = MeasuredDashboard(functions: 100)
    return { _ in _ = dashboard.draw() }
  }

  private static let foldedState = HotPath(
    "a state folded, 100 of 10 000 functions changed", calls: 5, warmUp: 2
  ) {
    var dashboard = MeasuredDashboard(functions: 10_000, busy: 100)
    return { _ in
      let next = dashboard.nextState()
      dashboard.fold(next)
    }
  }

  private static let drawnOfMany = HotPath(
    "a frame with 10 000 functions, after a state in which 100 changed", calls: 3, warmUp: 1
  ) {
    var dashboard = MeasuredDashboard(functions: 10_000, busy: 100)
    return { _ in
      let next = dashboard.nextState()
      dashboard.fold(next)
      _ = dashboard.draw()
    }
  }
}
