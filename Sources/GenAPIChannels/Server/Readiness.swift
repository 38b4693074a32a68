import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Locking

/// Whether clients should be sent to a gateway: what `/readyz` says, on every listener that shares it.
public final class Readiness: Sendable {
  private let gateway: Gateway
  private let isListening = Atomic<Bool>(false)
  private let isDraining = Atomic<Bool>(false)

  /// Makes one that is ready when the gateway is; from now on the gateway's state and health tell of it.
  public init(gateway: Gateway) {
    self.gateway = gateway
    gateway.tellReadiness { [weak self] in self?.state }
    gateway.tellChecks("readiness") { [weak self] in self.map { [$0.check] } ?? [] }
  }

  private var check: HealthCheck {
    let fault = fault
    return HealthCheck("readiness", fault == nil ? .ok : .error, fault ?? "ready for clients")
  }

  /// Everything listens.
  public func begin() { isListening.store(true, ordering: .relaxed) }

  /// The gateway is about to shut down, for good.
  ///
  /// - Returns: whether anybody was told before that it is ready, and has to notice now.
  @discardableResult
  public func drain() -> Bool {
    isDraining.store(true, ordering: .relaxed)
    return isListening.load(ordering: .relaxed)
  }

  /// Whether the gateway is about to shut down.
  public var drains: Bool { isDraining.load(ordering: .relaxed) }

  /// What the gateway's state tells of it.
  private var state: ReadinessState {
    let fault = fault.map { ByteText($0) }
    return drains ? .draining(fault: fault ?? "") : ReadinessState(fault: fault)
  }

  /// Another number than before when what is said of it has changed, for whoever keeps a copy.
  package var mark: Int {
    var hasher = Hasher()
    hasher.combine(drains)
    hasher.combine(fault)
    return hasher.finalize()
  }

  /// Why it is not ready; nil when it is.
  public var fault: String? {
    if isDraining.load(ordering: .relaxed) { return "the gateway shuts down" }
    if !isListening.load(ordering: .relaxed) { return "the gateway is starting" }
    return gateway.readinessFault()
  }
}
