import GenAPIValue

/// The metrics of one label: one for each set of dimension values, up to a bound.
struct MetricFamily<Metric> {
  /// The value of open dimensions in every set beyond the bound.
  static var other: ByteText { "other" }

  private var metrics: [[ByteText]: Metric] = [:]

  /// The metric of these dimensions, made when it is new.
  ///
  /// Beyond `limit` sets the open dimensions become "other"; the closed ones keep their value, which adds at
  /// most the product of their few values.
  mutating func metric(
    _ dimensions: [Dimension], limit: Int, make: ([(String, String)]) -> Metric
  ) -> (metric: Metric, isOther: Bool) {
    let values = dimensions.map(\.value)
    if let metric = metrics[values] { return (metric, false) }
    if metrics.count < limit { return (add(dimensions, values, make), false) }
    let others = dimensions.map { $0.isOpen ? Self.other : $0.value }
    return (metrics[others] ?? add(dimensions, others, make), true)
  }

  private mutating func add(
    _ dimensions: [Dimension], _ values: [ByteText], _ make: ([(String, String)]) -> Metric
  ) -> Metric {
    let metric = make(zip(dimensions, values).map { ($0.name, $1.string) })
    metrics[values] = metric
    return metric
  }
}
