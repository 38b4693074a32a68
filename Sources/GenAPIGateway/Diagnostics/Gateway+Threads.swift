import GenAPITelemetry
import GenAPIValue
import Logging

/// What an operator is told of functions that block the threads of all.
extension Gateway {
  /// Says that functions hold all threads and others wait: which, and what to do.
  func tellStall(_ pressure: ThreadPressure) {
    configuration.logger.warning(
      "functions that block hold all threads, and others wait for one; mark those that block .offloaded",
      metadata: [
        "threads": "\(pressure.held) of \(pressure.most)", "waiting": "\(pressure.waiting)",
        "held_by": "\(holders(of: pressure).shown)",
      ])
  }

  func functionThreadsCheck(_ pressure: ThreadPressure) -> HealthCheck {
    let detail = "\(pressure.held) of \(pressure.most) threads held, \(pressure.waiting) calls wait for one"
    guard pressure.isStalled else { return HealthCheck("function_threads", .ok, detail) }
    return HealthCheck(
      "function_threads", .degraded,
      "functions that block hold all threads: \(holders(of: pressure)); mark those that block .offloaded; \(detail)"
    )
  }

  /// The functions that hold most threads, with how many: `shop/report (60), shop/scan (4)`.
  private func holders(of pressure: ThreadPressure) -> ByteText {
    var names: [UInt: ByteText] = [:]
    for stored in configs.allStored where pressure.holders[stored.threads.mark] != nil {
      names[stored.threads.mark] = stored.config.nameInFaults
    }
    let known = pressure.holders.filter { names[$0.key] != nil }
      .map { (name: names[$0.key]!, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    var texts: [ByteText] = known.prefix(5).map { "\($0.name) (\($0.count))" }
    if known.count > 5 { texts.append("\(known.count - 5) more functions") }
    // Of functions that are gone, of other gateways of this process, and of what belongs to no function.
    let others = pressure.held - known.reduce(0) { $0 + $1.count }
    if others > 0 { texts.append("others (\(others))") }
    return texts.joined(separator: ", ")
  }
}
