import GenAPIValue

/// What a service sends to make its functions known.
public struct PushConfig: Sendable, Hashable {
  /// The service whose functions these are.
  public var service: ByteText
  /// The nodes that serve them.
  public var nodes: [ByteText]
  /// The version of all these configs.
  public var configVersion: ByteText
  /// The functions' configs.
  public var functions: [FunctionConfig]
  /// Items of `fun_configs` that could not be read as configs: they are told among the failed ones, and the others are taken.
  var unreadable: [UnreadableConfig] = []
  /// Names of fields and options that this gateway does not know, which it does without.
  var unknown: [ByteText] = []
  /// When set, the gateway pulls from the service from then on.
  public var pullFunction: FunctionReference?
  /// The function that tells the service's version; nil for none.
  public var versionFunction: FunctionReference?
  /// What proves that the service may push; nil for none.
  public var token: ByteText?

  /// Makes what a service pushes.
  public init(
    service: ByteText, nodes: [ByteText], configVersion: ByteText, functions: [FunctionConfig],
    pullFunction: FunctionReference? = nil, versionFunction: FunctionReference? = nil, token: ByteText? = nil
  ) {
    self.service = service
    self.nodes = nodes
    self.configVersion = configVersion
    self.functions = functions
    self.pullFunction = pullFunction
    self.versionFunction = versionFunction
    self.token = token
  }

  /// Every fault but those of the functions themselves.
  func validate() -> [ByteText] {
    var faults: [ByteText] = []
    for (name, field) in [(service, "service"), (configVersion, "config_version")] as [(ByteText, ByteText)] {
      if let fault = ConfigBounds.fault(ofName: name, field) { faults.append(fault) }
    }
    if nodes.isEmpty || nodes.contains("") {
      faults.append("nodes must be a non-empty list of node names")
    } else {
      faults += ConfigBounds.faults(ofNodes: nodes)
    }
    for (reference, field) in [(pullFunction, "function"), (versionFunction, "version_function")]
      as [(FunctionReference?, ByteText)]
    {
      if let reference { faults += ConfigBounds.faults(of: reference, field) }
    }
    if functions.isEmpty && unreadable.isEmpty { faults.append("fun_configs must be a non-empty list") }
    let others = Set(functions.map(\.service)).subtracting([service]).sorted()
    if !others.isEmpty {
      faults.append(
        "all fun_configs must be of the service \(service.cut(bytes: 64)), but some are of \(others.firstNames)"
      )
    }
    return faults
  }
}

/// What another node sent in place of a config.
struct UnreadableConfig: Sendable, Hashable {
  /// Which of the list it is, from 0.
  var index: Int
  var value: Value
  var faults: [ByteText]

  /// What is said of those behind as many as are read in vain.
  static func words(notLookedAt count: Int) -> ByteText {
    count == 0 ? "" : "; the other \(count) were not looked at"
  }
}

/// What became of a push.
public enum PushResult: Sendable, Equatable {
  /// Stored: so many functions, and the faults of those that were not.
  case accepted(stored: Int, faults: [ByteText])
  /// This version is here already.
  case skipped
}

/// Why a push was refused.
public enum PushError: Error, Equatable, CustomStringConvertible {
  /// The push itself is wrong, and how.
  case validationFailed([ByteText])
  /// None of its functions can be taken, and why.
  case allInvalid([ByteText])
  /// The token is missing or wrong.
  case invalidToken
  /// As many services push as may.
  case tooManyServices(limit: Int)
  /// The gateway is a client, which takes no configs.
  case isClient

  public var description: String {
    switch self {
    case .validationFailed(let faults):
      "the push is invalid: \(faults.faultsLine.shown)"
    case .allInvalid(let faults):
      "none of the push's functions can be taken: \(faults.faultsLine.shown)"
    case .isClient: "this gateway is a client and takes no configs"
    case .invalidToken: "invalid push token"
    case .tooManyServices(let limit): "\(limit) services have pushed already, which is the limit"
    }
  }
}

/// Whether a service's config version is the one here.
public enum VerifyResult: Sendable, Equatable {
  /// The gateway has this version.
  case matched
  /// The gateway has another version.
  case mismatch(stored: ByteText)
  /// The gateway has nothing of this service.
  case notFound
}
