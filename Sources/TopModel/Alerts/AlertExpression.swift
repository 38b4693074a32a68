import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// A rule as it is written: `p99(order_service) > 250ms for 30s`, `breaker open`, `error%(*/*) > 5 over 5m`.
///
/// A metric is compared with a threshold; without a name in parentheses it is that of everything together,
/// `(service)` is one service, `(service/type)` one function, and with `*` each that fits is looked at by
/// itself. `over` says the window (10s, 1m, 5m, 15m), `for` how long it must hold.
package struct AlertExpression: Equatable, Sendable {
  enum Comparison: String, CaseIterable, Sendable {
    // The longer ones first: they begin like the shorter.
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"

    func holds(_ value: Double, _ bound: Double) -> Bool {
      switch self {
      case .atLeast: value >= bound
      case .atMost: value <= bound
      case .above: value > bound
      case .below: value < bound
      }
    }
  }

  enum Test: Equatable, Sendable {
    /// The threshold is in microseconds, per second, percent, pieces or bytes.
    case metric(AlertMetric, Comparison, Double)
    /// Turned round by `no`.
    case condition(AlertCondition, isNegated: Bool)
  }

  /// As written, without needless blanks.
  package let text: String
  let test: Test
  /// The name in parentheses; nil for everything.
  let selector: AlertSelector?
  /// nil: what the caller thinks fit.
  package let window: StatisticsWindow?
  /// How long it must hold, in seconds; 0: at once.
  package let holdSeconds: Int

  /// - Throws: `AlertError` with the place and what is allowed there.
  package init(parsing text: String) throws(AlertError) {
    var parser = AlertParser(text)
    let parts = try parser.parse()
    self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    test = parts.test
    selector = parts.selector
    window = parts.window
    holdSeconds = parts.holdSeconds
  }

  /// It is about targets that do not answer, so they must not keep it from being looked at.
  package var isAboutNodes: Bool {
    if case .condition(.nodeDown, _) = test { true } else { false }
  }

  /// As grave as what it watches.
  var isCritical: Bool {
    if case .condition(let condition, let isNegated) = test {
      condition.isCritical && !isNegated
    } else {
      false
    }
  }
}

/// The name in parentheses.
struct AlertSelector: Equatable, Sendable {
  let text: String
  private let whole: GlobPattern
  /// Before and after the first `/` that has no backslash before it.
  private let service: GlobPattern
  private let requestType: GlobPattern?

  /// - Parameter text: as it is written; a backslash before `/`, `\`, `*` and `)` keeps them from meaning something.
  init(_ text: String) {
    self.text = text
    var (whole, service) = (FilterValue(from: 0), FilterValue(from: 0))
    var requestType: FilterValue?
    func add(_ change: (inout FilterValue) -> Void) {
      change(&whole)
      guard var type = requestType else { return change(&service) }
      change(&type)
      requestType = type
    }
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first, Self.escaped.contains(next) {
        rest.removeFirst()
        add { $0.append(literally: String(next)) }
      } else if scalar == "/", requestType == nil {
        whole.append(literally: "/")
        requestType = FilterValue(from: 0)
      } else {
        add { $0.append(Character(scalar)) }
      }
    }
    self.whole = whole.pattern
    self.service = service.pattern
    self.requestType = requestType?.pattern
  }

  /// What a backslash keeps from meaning something.
  private static let escaped: [Unicode.Scalar] = ["/", "\\", "*", ")"]

  /// Functions are looked at, not whole services.
  var namesFunctions: Bool { requestType != nil }

  func matches(service name: ByteText, requestType type: ByteText) -> Bool {
    service.matches(name) && (requestType?.matches(type) ?? true)
  }

  func matches(service name: ByteText) -> Bool { service.matches(name) }

  /// One by its pool, its service, or both as `pool/service`.
  func matches(breaker: BreakerState) -> Bool { breaker.names.contains { whole.matches($0) } }

  func matches(name: ByteText) -> Bool { whole.matches(name) }

  /// A limit's scope is `global` or `service/request_type`; a service alone means all of its limits.
  func matches(limitScope scope: ByteText) -> Bool {
    guard let function = FunctionPath.parts(of: scope) else { return whole.matches(scope) }
    return namesFunctions
      ? matches(service: function.service, requestType: function.requestType)
      : whole.matches(function.service) || whole.matches(scope)
  }
}
