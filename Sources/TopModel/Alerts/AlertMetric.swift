/// What an alert can measure. The raw value is its name in an expression.
enum AlertMetric: String, CaseIterable, Sendable {
  case p50, p95, p99, max, rps
  case errorPercent = "error%"
  case rejectedPercent = "rejected%"
  case inFlight = "inflight"
  case rejects, lost, memory
  case cpuPercent = "cpu%"
  /// Connections that the system let nobody accept.
  case acceptFailures = "accept_failures"
  /// Lines of the log that nobody will read.
  case logLinesDropped = "log_lines_dropped"
  /// Connections turned away before they were open, a second.
  case handshakesRefused = "handshakes_refused"
  /// How long the gateway's certificate that expires first is still good.
  case certificate

  /// How a threshold is written.
  enum Unit: Sendable {
    case duration, rate, percent, count, bytes
    /// Seconds: of what lasts for days.
    case lifetime

    /// Suffixes, the longer before the shorter, with what they multiply by.
    var suffixes: [(text: String, factor: Double)] {
      switch self {
      case .duration:
        [("us", 1), ("µs", 1), ("\u{3BC}s", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000)]
      case .rate: [("k/s", 1_000), ("/s", 1), ("k", 1_000), ("", 1)]
      case .percent: [("%", 1), ("", 1)]
      case .count: [("k", 1_000), ("M", 1_000_000), ("", 1)]
      case .lifetime: [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
      case .bytes: [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1)]
      }
    }

    /// For the reader of an error.
    var example: String {
      switch self {
      case .duration: "a duration with its unit, such as 800us, 250ms or 2s"
      case .rate: "a rate, such as 5/s or 1.5k/s"
      case .percent: "a percentage, such as 5 or 0.5%"
      case .count: "a count, such as 20 or 1.5k"
      case .lifetime: "a time with its unit, such as 14d or 12h"
      case .bytes: "a size with its unit, such as 300MB or 2GB"
      }
    }
  }

  /// What the name in parentheses is looked for in.
  enum Subject: Sendable {
    case functions, limits, gateways
  }

  var unit: Unit {
    switch self {
    case .p50, .p95, .p99, .max: .duration
    case .rps, .rejects, .handshakesRefused: .rate
    case .errorPercent, .rejectedPercent, .cpuPercent: .percent
    case .inFlight, .lost, .acceptFailures, .logLinesDropped: .count
    case .memory: .bytes
    case .certificate: .lifetime
    }
  }

  var subject: Subject {
    switch self {
    case .rejects: .limits
    case .lost, .memory, .cpuPercent, .acceptFailures, .logLinesDropped, .handshakesRefused, .certificate:
      .gateways
    default: .functions
    }
  }

  /// Means nothing for a few requests.
  var needsManyRequests: Bool {
    switch self {
    case .p50, .p95, .p99, .max, .errorPercent, .rejectedPercent: true
    default: false
    }
  }

  static let aliases = ["errors%": "error%", "err%": "error%", "rej%": "rejected%", "in_flight": "inflight"]
}

/// What an alert can find to be so. The raw value is how it is written in an expression.
enum AlertCondition: String, CaseIterable, Sendable {
  case nodeDown = "node down"
  case breakerOpen = "breaker open"
  case configMismatch = "config mismatch"
  case pullFailing = "pull failing"
  /// A config names a function, a hook or a callback that is not there.
  case nameUnresolved = "name unresolved"
  case gatewayDraining = "gateway draining"
  /// Starting, draining, or without what it needs.
  case gatewayUnready = "gateway unready"
  /// What is in force is not what the configuration says.
  case reloadFailed = "reload failed"
  /// All workers are busy, and the queue is taken.
  case poolFull = "pool full"

  /// Requests are lost or refused while it is so.
  var isCritical: Bool { self == .nodeDown || self == .breakerOpen || self == .poolFull }

  /// It asks what gateways of before do not tell.
  var isAboutReadiness: Bool { self == .gatewayDraining || self == .gatewayUnready }
}
