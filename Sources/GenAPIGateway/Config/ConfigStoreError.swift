import GenAPIValue

/// Why the store did not do what it was asked.
public enum ConfigStoreError: Error, Equatable, CustomStringConvertible {
  /// Every fault of the config.
  case invalid([ByteText])
  /// None of several was valid; the faults of each, in order.
  case allInvalid([ByteText])
  /// There is no such function, but what this tells.
  case notFound(MissingFunction)
  /// The function is disabled.
  case disabled
  /// As many functions are stored as may be.
  case full(limit: Int)
  /// The gateway is a client, which holds no functions.
  case isClient

  public var description: String {
    switch self {
    case .invalid(let faults):
      "the config is invalid: \(faults.faultsLine.shown)"
    case .allInvalid(let faults):
      "no config is valid: \(faults.faultsLine.shown)"
    case .notFound(let missing): missing.description
    case .disabled: "the function is disabled"
    case .isClient: "a client holds no functions"
    case .full(let limit): "the store holds \(limit) functions, which is its limit"
    }
  }
}
