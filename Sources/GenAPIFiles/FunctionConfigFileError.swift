/// Why a file of function configs was refused: every fault, each with its place.
public struct FunctionConfigFileError: Error, Equatable, CustomStringConvertible {
  /// One thing that is wrong.
  public struct Fault: Sendable, Equatable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// From 1; nil when it concerns the whole file.
    public var line: Int?
    /// The place of the config in the list, from 0; nil when it concerns the whole file.
    public var index: Int?
    /// The request type that the config names; nil where it names none.
    public var requestType: String?
    /// What is wrong, for people.
    public var reason: String

    public init(
      file: String, line: Int? = nil, index: Int? = nil, requestType: String? = nil, reason: String
    ) {
      self.file = file
      self.line = line
      self.index = index
      self.requestType = requestType
      self.reason = reason
    }

    /// `functions.toml:12: functions[0] (get_user): timeout must be …`
    public var description: String {
      var text = file + (line.map { ":\($0)" } ?? "") + ": "
      if let index {
        text += "functions[\(index)]" + (requestType.map { " (\($0.cut(bytes: 64)))" } ?? "") + ": "
      }
      return text + reason
    }
  }

  /// Every fault that was found.
  public var faults: [Fault]

  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
