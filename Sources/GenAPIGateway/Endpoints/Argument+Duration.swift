import GenAPIValue

extension Argument where Wrapped == Duration {
  /// Declares a duration with bounds, which clients send in milliseconds.
  ///
  /// ```swift
  /// Argument("within", Duration.self, min: .seconds(1), max: .seconds(60))
  /// ```
  public init(
    _ name: ByteText, _ type: Duration.Type = Duration.self, min: Duration, max: Duration? = nil,
    default defaultValue: Duration? = nil
  ) {
    self.init(name, type, min: min as Duration?, max: max, default: defaultValue)
  }

  /// Declares a duration that is at most so long.
  public init(
    _ name: ByteText, _ type: Duration.Type = Duration.self, max: Duration,
    default defaultValue: Duration? = nil
  ) {
    self.init(name, type, min: nil as Duration?, max: max as Duration?, default: defaultValue)
  }
}

extension Argument where Wrapped == Duration? {
  /// Declares a duration with bounds, which may be left out.
  public init(
    _ name: ByteText, _ type: Duration?.Type = Duration?.self, min: Duration, max: Duration? = nil
  ) {
    self.init(name, type, min: min as Duration?, max: max)
  }

  /// Declares a duration that is at most so long, and may be left out.
  public init(_ name: ByteText, _ type: Duration?.Type = Duration?.self, max: Duration) {
    self.init(name, type, min: nil as Duration?, max: max as Duration?)
  }
}
