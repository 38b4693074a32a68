/// A family of metrics: its name, what it counts, and how a dashboard shows it.
///
/// The one list of them: the text of `/metrics`, the dashboard and the documentation are made of it.
struct MetricFamily: Sendable {
  enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  /// Part of the dashboard.
  enum Row: String, Sendable, CaseIterable {
    case requests = "Requests"
    case clients = "Clients"
    case limits = "Rate limits"
    case pools = "Worker pools"
    case services = "Services"
    case telemetry = "Telemetry"
    case process = "Process"
  }

  /// Of a counter without `_total`, which its samples have.
  let name: String
  let kind: Kind
  let help: String
  /// What the name ends with, where OpenMetrics knows the unit.
  var unit: String?
  /// The heading of its panel.
  let title: String
  let row: Row
  /// Labels that the dashboard tells apart; it sums over the others.
  var by: [String] = []
}
