import GenAPIValue

/// Whether clients should be sent to a gateway.
public struct ReadinessState: StateFields {
  /// `starting` while it is not ready, or not any more; `ready`; `draining` once it is told to shut down. Empty where the
  /// gateway does not tell, as older ones do not; a newer one may tell another.
  public var phase: ByteText
  /// Why it is not ready; nil when it is.
  public var fault: ByteText?

  /// Makes one, by default of a gateway that does not tell.
  public init(phase: ByteText = "", fault: ByteText? = nil) {
    self.phase = phase
    self.fault = fault
  }

  /// The phase of a gateway that is ready when it has no fault.
  public init(fault: ByteText?) { self.init(phase: fault == nil ? "ready" : "starting", fault: fault) }

  /// A gateway that is about to shut down.
  public static func draining(fault: ByteText) -> Self { Self(phase: "draining", fault: fault) }

  /// Whether it is about to shut down.
  public var isDraining: Bool { phase == "draining" }
  /// Whether clients should be sent to it; nil where it does not tell.
  public var isReady: Bool? { phase.isEmpty ? nil : phase == "ready" }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&phase)
    editor.text(&fault)
  }
}
