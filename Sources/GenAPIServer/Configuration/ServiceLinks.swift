import NetworkAddress

/// The variables that Kubernetes gives every pod for every service of its namespace, unless `enableServiceLinks` is false.
///
/// Those of a service called `genapi-…` begin with `GENAPI_`, as settings do, and nobody who deploys the gateway wrote them. A
/// variable is one of them when its name and its value have the form that Kubernetes gives them and the two variables that
/// every service has, `…_SERVICE_HOST` and `…_SERVICE_PORT`, are there too, whether or not a setting is called so.
///
/// https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
struct ServiceLinks {
  /// A service as its variables begin (`GENAPI_GATEWAY`), and its address.
  private let services: [(prefix: String, host: IPAddress)]

  private static let host = "_SERVICE_HOST"
  private static let port = "_SERVICE_PORT"
  private static let protocols = ["tcp", "udp", "sctp"]

  init(_ environment: [String: String]) {
    services = environment.compactMap { name, value in
      guard name.hasSuffix(Self.host), let host = IPAddress(value) else { return nil }
      let prefix = String(name.dropLast(Self.host.count))
      return environment[prefix + Self.port].map(Self.isPort) == true ? (prefix, host) : nil
    }
  }

  func contains(_ name: String, _ value: String) -> Bool {
    services.contains { service in
      name.hasPrefix(service.prefix)
        && isLink(String(name.dropFirst(service.prefix.count)), value, of: service.host)
    }
  }

  /// - Parameter rest: the name behind the service's, as `_PORT_4700_TCP_ADDR`.
  private func isLink(_ rest: String, _ value: String, of host: IPAddress) -> Bool {
    switch rest {
    case Self.host: return true
    case "_PORT": return Self.isURL(value, host)
    default: break
    }
    if rest == Self.port || rest.hasPrefix(Self.port + "_") { return Self.isPort(value) }
    // `_PORT_4700_TCP`, and what it may be followed by.
    let words = rest.split(separator: "_", omittingEmptySubsequences: false)
    guard (4...5).contains(words.count), words[0].isEmpty, words[1] == "PORT", Self.isPort(words[2]),
      let scheme = Self.protocols.first(where: { $0.uppercased() == words[3] })
    else { return false }
    switch words.count == 5 ? words[4] : "" {
    case "": return words.count == 4 && Self.isURL(value, host, scheme: scheme, port: words[2])
    case "PROTO": return value == scheme
    case "PORT": return value == words[2]
    case "ADDR": return IPAddress(value) == host
    default: return false
    }
  }

  /// Whether a setting's variable that would be a service's `…_PORT` has what Kubernetes, and Docker's links, set there: no setting
  /// can hold that, so nobody meant it, whichever of the service's other variables there are.
  static func isAddress(_ name: String, _ value: String) -> Bool {
    name.hasSuffix("_PORT") && isURL(value, nil)
  }

  private static func isPort(_ text: some StringProtocol) -> Bool {
    (UInt16(text) ?? 0) > 0 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Whether a text is `tcp://10.0.0.1:4700` or `tcp://[2001:db8::1]:4700`, of this address, or with nil of any.
  private static func isURL(_ text: String, _ host: IPAddress?, scheme: String? = nil, port: Substring? = nil)
    -> Bool
  {
    guard let used = protocols.first(where: { text.hasPrefix($0 + "://") }), scheme ?? used == used,
      let colon = text.lastIndex(of: ":"), isPort(text[text.index(after: colon)...]),
      port ?? text[text.index(after: colon)...] == text[text.index(after: colon)...]
    else { return false }
    let found = IPAddress(HostPort.withoutBrackets(String(text[..<colon].dropFirst(used.count + 3))))
    return found != nil && found == host ?? found
  }
}
