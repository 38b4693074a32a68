import GenAPIValue

/// What a circuit breaker does with the next task.
public enum CircuitState: Sendable, Hashable {
  /// Lets it run.
  case closed
  /// Refuses it until the cooldown is over.
  case open
  /// Lets one probe run and refuses the rest.
  case halfOpen
  /// Something that a later version of the gateway knows, by its name.
  case unknown(ByteText)

  /// Those that this version knows.
  public static let known: [CircuitState] = [.closed, .open, .halfOpen]

  /// Makes one by its word in a frame.
  public init(_ word: ByteText) {
    self = Self.known.first { $0.word == word } ?? .unknown(word)
  }

  /// What it is called in a frame.
  public var word: ByteText {
    switch self {
    case .closed: "closed"
    case .open: "open"
    case .halfOpen: "half_open"
    case .unknown(let word): word
    }
  }

  /// Shows a word that is not known to the editor: it is a text from outside.
  public mutating func edit(_ editor: inout some StateEditor) {
    guard case .unknown(var word) = self else { return }
    editor.word(&word)
    self = .unknown(word)
  }
}

/// Written as its word. One that is not known is no error: later versions may add some.
extension CircuitState: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(ByteText.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(word)
  }
}
