import GenAPIValue

/// One of the key values closest to its limit.
public struct HotKeyState: StateEntry {
  /// `LimitState.id`.
  public var limit: ByteText
  /// The user, the address …
  public var keyValue: ByteText
  /// Requests in the window.
  public var used: Int
  /// The limit's maximum.
  public var max: Int
  /// Milliseconds until the key is let in again, when it has reached its limit; otherwise until the oldest counted request
  /// leaves the window.
  public var resetMs: Int64
  /// Refusals of this key since it became tracked.
  public var rejections: Int64

  public var entryKey: ByteText { [limit, keyValue].joinedAsKey }

  public func isSameEntry(as other: Self) -> Bool { keyValue == other.keyValue && limit == other.limit }

  public var owner: StateOwner { .limit(limit) }

  public init(
    limit: ByteText, keyValue: ByteText, used: Int, max: Int, resetMs: Int64 = 0, rejections: Int64 = 0
  ) {
    self.limit = limit
    self.keyValue = keyValue
    self.used = used
    self.max = max
    self.resetMs = resetMs
    self.rejections = rejections
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.text(&limit)
    editor.name(&keyValue)
    editor.count(&used)
    editor.count(&max)
    editor.count(&resetMs)
    editor.count(&rejections)
  }

  private enum CodingKeys: String, CodingKey {
    case limit
    case keyValue = "key_value"
    case used
    case max
    case resetMs = "reset_ms"
    case rejections
  }
}
