import GenAPIValue

/// Whether clients should be sent to a gateway.
public struct ReadinessState: StateFields {
  /// `starting` while it is not ready, or not any more; `ready`; `draining` once it is told to shut down. Empty where the
  /// gateway does not tell, as older ones do not; a newer one may tell another.
  public var phase: ByteText
  /// Why it is not ready; nil when it is.
  public var fault: ByteText?
  /// What else is degraded of its health that no other section tells, as `descriptors: hardly any are left`: the name of a check of
  /// `/healthz`, and what was found; at most 16.
  public var degraded: [ByteText] = []

  static let mostDegraded = 16

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
    editor.texts(&degraded, most: Self.mostDegraded)
  }

  private enum CodingKeys: String, CodingKey {
    case phase, fault, degraded
  }
}

extension ReadinessState {
  /// What gateways of before did not send is none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    phase = try container.decode(ByteText.self, forKey: .phase)
    fault = try container.decodeIfPresent(ByteText.self, forKey: .fault)
    degraded = try container.decodeIfPresent([ByteText].self, forKey: .degraded) ?? []
  }

  /// The names of the checks that are degraded: `descriptors`.
  package var degradedChecks: [ByteText] { degraded.map { $0.parted(at: UInt8(ascii: ":"))?.before ?? $0 } }
}
