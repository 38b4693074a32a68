import GenAPIValue
import NetworkAddress

/// What of a request rate limits count by and sticky node choice goes by.
///
/// As text a field is its name, `user_id`, and an argument is its own; `arg(user_id)` is the argument of a name that a field
/// has. `claim(tenant)` is what the connection's token says, of the claims that its authenticator keeps.
public enum RequestKey: Sendable, Hashable {
  /// What the gateway itself knows of a request, whatever its arguments are called.
  public enum Field: String, Sendable, CaseIterable {
    /// The verified user.
    case userID = "user_id"
    /// The device that the connection's token names.
    case deviceID = "device_id"
    /// The same, or else what the client says of itself: that could be another each time, or somebody else's.
    case claimedDeviceID = "claimed_device_id"
    /// An IPv6 address as the network of which one client commonly has all.
    case ipAddress = "ip_address"
  }

  /// A field of the request.
  case field(Field)
  /// The claim of this name in the client's token.
  case claim(ByteText)
  /// The argument of this name.
  case argument(ByteText)

  /// The value that a request has of it; nil for none, and for an empty one.
  public func value(of request: Request) -> ByteText? {
    let value: ByteText? =
      switch self {
      case .field(.userID): request.userID
      case .field(.deviceID): request.isDeviceVerified ? request.deviceID : nil
      case .field(.claimedDeviceID): request.deviceID
      case .field(.ipAddress): request.ipAddress.map(Self.network)
      case .claim(let name): request.claims?[name]
      case .argument(let name):
        switch request.args[name] {
        case nil, .null: nil
        case .string(let text): text
        // One number is one key, however it is written.
        case .double(let number) where Int64(exactly: number) != nil: ByteText("\(Int64(number))")
        // Any other value goes by how it is written.
        case .some(let value): ByteText(value.json)
        }
      }
    return value?.isEmpty == true ? nil : value
  }

  /// What a limit counts: an empty text that a function would be called with is counted too, as `""`.
  func counted(of request: Request) -> ByteText? {
    if let value = value(of: request) { return value }
    if case .argument(let name) = self, request.args[name]?.string != nil { return "\"\"" }
    return nil
  }

  private static func network(_ address: ByteText) -> ByteText {
    guard address.utf8.contains(UInt8(ascii: ":")), let parsed = IPAddress(address.string) else {
      return address
    }
    return ByteText(parsed.client.description)
  }
}

// MARK: As text

extension RequestKey: CustomStringConvertible, ExpressibleByStringLiteral {
  /// Makes the key that a text names: a field, a claim or an argument.
  public init(_ text: ByteText) {
    if let field = Field.allCases.first(where: { ByteText($0.rawValue) == text }) {
      self = .field(field)
    } else if let name = Self.name(in: text, "arg(") {
      self = .argument(name)
    } else if let name = Self.name(in: text, "claim(") {
      self = .claim(name)
    } else {
      self = .argument(text)
    }
  }

  private static func name(in text: ByteText, _ opening: ByteText) -> ByteText? {
    guard let rest = text.dropping(prefix: opening), rest.utf8.last == UInt8(ascii: ")") else { return nil }
    return rest.prefix(bytes: rest.byteCount - 1)
  }

  public init(stringLiteral text: String) { self.init(ByteText(text)) }

  /// What it is called in configurations, events and states; it is read back as the same.
  public var name: ByteText {
    switch self {
    case .field(let field): return ByteText(field.rawValue)
    case .claim(let name): return "claim(\(name))"
    case .argument(let name): return RequestKey(name) == self ? name : "arg(\(name))"
    }
  }

  public var description: String { name.string }
}
