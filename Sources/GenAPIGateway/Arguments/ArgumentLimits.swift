/// Bounds of arguments whose declaration names none.
public struct ArgumentLimits: Sendable, Equatable {
  /// UTF-8 bytes of a string, also within lists and maps.
  public var stringBytes = 3_000
  /// Elements that a list may have.
  public var listItems = 1_000
  /// Fields that an object may have.
  public var mapItems = 1_000

  /// Objects and lists within each other that an argument may have.
  static let depth = 32

  public init() {}
}
