import GenAPIValue

/// Who answers: the server's first frame.
public struct Hello: Sendable, Equatable, Codable {
  /// Whether a client has to send a token with its first `subscribe`.
  public enum Auth: Sendable, Equatable {
    /// Anybody may subscribe.
    case none
    /// The first `subscribe` must have a token.
    case token
    /// Something that a later version of the gateway knows, by its name.
    case unknown(ByteText)

    /// What it is called in a frame.
    public var word: ByteText {
      switch self {
      case .none: "none"
      case .token: "token"
      case .unknown(let word): word
      }
    }
  }

  /// `StreamProtocol.version`.
  public var proto: Int
  /// The name of the gateway node.
  public var node: ByteText
  /// Name and version of the server's software.
  public var software: ByteText
  /// When the gateway started, microseconds since the Unix epoch.
  public var startedAt: Int64
  /// Whether a token is needed.
  public var auth: Auth
  /// The interval of `state` frames a client gets that names none.
  public var intervalMs: Int
  /// The categories of events this server may send.
  public var categories: [ByteText]

  public init(
    proto: Int = StreamProtocol.version, node: ByteText, software: ByteText = "genapi", startedAt: Int64 = 0,
    auth: Auth = .none, intervalMs: Int = StreamProtocol.defaultIntervalMs, categories: [ByteText] = []
  ) {
    self.proto = proto
    self.node = node
    self.software = software
    self.startedAt = startedAt
    self.auth = auth
    self.intervalMs = intervalMs
    self.categories = categories
  }

  private enum CodingKeys: String, CodingKey {
    case proto, node, software, auth, categories
    case startedAt = "started_at"
    case intervalMs = "interval_ms"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    proto = try container.decode(Int.self, forKey: .proto)
    node = try container.decode(ByteText.self, forKey: .node)
    software = try container.decodeIfPresent(ByteText.self, forKey: .software) ?? ""
    startedAt = try container.decodeIfPresent(Int64.self, forKey: .startedAt) ?? 0
    let word = try container.decodeIfPresent(ByteText.self, forKey: .auth) ?? Auth.none.word
    auth = [Auth.none, .token].first { $0.word == word } ?? .unknown(word)
    intervalMs =
      try container.decodeIfPresent(Int.self, forKey: .intervalMs) ?? StreamProtocol.defaultIntervalMs
    categories = try container.decodeIfPresent([ByteText].self, forKey: .categories) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(proto, forKey: .proto)
    try container.encode(node, forKey: .node)
    try container.encode(software, forKey: .software)
    try container.encode(startedAt, forKey: .startedAt)
    try container.encode(auth.word, forKey: .auth)
    try container.encode(intervalMs, forKey: .intervalMs)
    try container.encode(categories, forKey: .categories)
  }
}
