import GenAPIValue

/// Client connections.
public struct SocketsState: StateFields {
  /// Connections open now.
  public var open: Int
  /// Channels joined.
  public var joined: Int
  /// Since the start.
  public var opened: Int64
  /// Connections closed since the start.
  public var closed: Int64
  /// Connections open now, by transport: `websocket`, `websocket_toon`, `local`.
  public var byTransport: [ByteText: Int]
  /// Calls refused since the start because streams hold all places of their connection.
  public var refusedCalls: Int64
  /// How often the system let no connection be accepted since the start, as without descriptors; over all listeners.
  public var acceptFailures: Int64
  /// Connections turned away before they were open, since the start, by why: `unauthorized`, `full`, `address_full` …
  public var refusedHandshakes: [ByteText: Int64]

  public init(
    open: Int = 0, joined: Int = 0, opened: Int64 = 0, closed: Int64 = 0, byTransport: [ByteText: Int] = [:],
    refusedCalls: Int64 = 0, acceptFailures: Int64 = 0, refusedHandshakes: [ByteText: Int64] = [:]
  ) {
    self.open = open
    self.joined = joined
    self.opened = opened
    self.closed = closed
    self.byTransport = byTransport
    self.refusedCalls = refusedCalls
    self.acceptFailures = acceptFailures
    self.refusedHandshakes = refusedHandshakes
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.count(&open)
    editor.count(&joined)
    editor.count(&opened)
    editor.count(&closed)
    editor.counts(&byTransport)
    editor.count(&refusedCalls)
    editor.count(&acceptFailures)
    editor.counts(&refusedHandshakes)
  }

  private enum CodingKeys: String, CodingKey {
    case open
    case joined
    case opened
    case closed
    case byTransport = "by_transport"
    case refusedCalls = "refused_calls"
    case acceptFailures = "accept_failures"
    case refusedHandshakes = "refused_handshakes"
  }
}

extension SocketsState {
  /// What gateways of before did not send is 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    open = try container.decode(Int.self, forKey: .open)
    joined = try container.decode(Int.self, forKey: .joined)
    opened = try container.decode(Int64.self, forKey: .opened)
    closed = try container.decode(Int64.self, forKey: .closed)
    byTransport = try container.decode([ByteText: Int].self, forKey: .byTransport)
    refusedCalls = try container.decodeIfPresent(Int64.self, forKey: .refusedCalls) ?? 0
    acceptFailures = try container.decodeIfPresent(Int64.self, forKey: .acceptFailures) ?? 0
    refusedHandshakes =
      try container.decodeIfPresent([ByteText: Int64].self, forKey: .refusedHandshakes) ?? [:]
  }
}
