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

  /// The value that a request has of it; nil for none, and for an empty one. Of a number the form does not count: 1 and 1.0
  /// are one value.
  public func value(of request: Request) -> ByteText? {
    let value = text(of: request)
    return value?.isEmpty == true ? nil : value
  }

  private func text(of request: Request) -> ByteText? {
    switch self {
    case .field(.userID): request.userID
    case .field(.deviceID): request.isDeviceVerified ? request.deviceID : nil
    case .field(.claimedDeviceID): request.deviceID
    case .field(.ipAddress): request.ipAddress.map(Self.network)
    case .claim(let name): request.claims?[name]
    case .argument(let name):
      switch request.args[name] {
      case nil, .null: nil
      case .some(let value): value.canonicalText
      }
    }
  }

  /// What a limit counts: an empty text that a request, or its token, has is counted too, as `""`. An empty user is nobody. Of an argument a
  /// text that reads as another value does, such as `"1"`, has its quotes: 1 and "1" are two.
  func counted(of request: Request) -> ByteText? {
    if case .argument(let name) = self, case .string(let text) = request.args[name], text.readsAsValue {
      return ByteText(Value.string(text).json)
    }
    guard let text = text(of: request) else { return nil }
    guard text.isEmpty else { return text }
    return self == .field(.userID) ? nil : "\"\""
  }

  private static func network(_ address: ByteText) -> ByteText {
    guard address.utf8.contains(UInt8(ascii: ":")), let parsed = IPAddress(address.string) else {
      return address
    }
    return ByteText(parsed.client.description)
  }
}

extension ByteText {
  /// Whether it may be the text that a value of another kind has: told by its first bytes, or for what may be a number by all of them.
  fileprivate var readsAsValue: Bool {
    guard let first = utf8.first else { return false }
    return switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"): true
    case UInt8(ascii: "t"): self == "true"
    case UInt8(ascii: "f"): self == "false"
    case UInt8(ascii: "n"): self == "null"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      utf8.allSatisfy { (0x30...0x39).contains($0) || "-+.eE".utf8.contains($0) }
        // A day, or what else has such signs, is no number.
        && (byteCount > 1_024 || (try? Value(json: string)) != nil)
    default: false
    }
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
