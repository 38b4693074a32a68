import GenAPIGateway
import GenAPIValue
import TOMLFile

/// Function configs as text: what a team keeps beside its code.
///
/// ```toml
/// [[functions]]
/// service = "user_service"
/// request_type = "get_user"
/// mfa = "MyApp.Api.get_user"
/// arg_types = { user_id = "string" }
/// ```
///
/// In JSON the same: `{"functions": [{…}]}`, or the list alone.
public enum FunctionConfigFile {
  /// The form of a file.
  public enum Format: String, Sendable, CaseIterable {
    /// A JSON file.
    case json
    /// A TOML file.
    case toml

    /// By the end of a file's name; nil when it is neither.
    public init?(fileName: String) {
      guard let end = fileName.split(separator: ".").last else { return nil }
      self.init(rawValue: end.lowercased())
    }
  }

  /// A file of configs may be this large, in bytes.
  public static let largest = 16 << 20

  /// Reads and validates every config of a text.
  ///
  /// - Parameters:
  ///   - file: names the text in errors.
  ///   - check: what else is wrong with a config where it is used, each reason with the field's name first.
  /// - Throws: `FunctionConfigFileError` with every fault of every config; nothing is read half.
  public static func read(
    _ text: String, _ format: Format, file: String, check: (FunctionConfig) -> [ByteText] = { _ in [] }
  ) throws(FunctionConfigFileError) -> [FunctionConfig] {
    func failed(_ fault: String, line: Int? = nil) -> FunctionConfigFileError {
      FunctionConfigFileError(faults: [.init(file: file, line: line, reason: fault)])
    }
    guard text.utf8.count <= largest else { throw failed("is larger than \(largest) bytes") }
    guard !text.allSatisfy(\.isWhitespace) else { throw failed("is empty") }
    let value: Value
    switch format {
    case .json:
      do {
        value = try Value(written: text.utf8)
      } catch {
        throw failed(
          error.isRefusal ? "is not taken: \(error)" : "is not JSON: \(error)",
          line: error.line(in: text.utf8))
      }
    case .toml:
      do {
        value = try Value(toml: text)
      } catch {
        throw failed(error.reason, line: error.line)
      }
    }
    // Looked for only where something is wrong.
    func lines() -> TOMLLines { format == .toml ? TOMLLines(text) : TOMLLines(json: text) }
    guard let list = value.array ?? value["functions"]?.array else {
      throw failed("has no list \"functions\"")
    }
    if let object = value.object, let other = object.keys.first(where: { $0 != "functions" }) {
      throw failed(
        "the key \"\(other.cut(bytes: 64))\" is not known; allowed is functions",
        line: lines().line(of: [other.string]))
    }
    return try configs(
      list, at: value.array == nil ? "functions." : "", file: file, lines: lines, check: check)
  }

  private static func configs(
    _ list: [Value], at place: String, file: String, lines findLines: () -> TOMLLines,
    check: (FunctionConfig) -> [ByteText]
  ) throws(FunctionConfigFileError) -> [FunctionConfig] {
    var configs: [FunctionConfig] = []
    var faults: [FunctionConfigFileError.Fault] = []
    var known: TOMLLines?
    for (index, item) in list.enumerated() {
      let name = item["request_type"]?.string
      func note(_ reasons: [ByteText]) {
        guard !reasons.isEmpty else { return }
        let lines = known ?? findLines()
        known = lines
        for reason in reasons {
          faults.append(
            .init(
              file: file, line: lines.line(ofFault: reason.string, in: "\(place)\(index)"), index: index,
              requestType: name?.string,
              reason: reason.string))
        }
      }
      do throws(ConfigFaults) {
        let config = try FunctionConfig(item)
        note(config.validate() + FunctionConfig.unknownFields(of: item) + check(config))
        configs.append(config)
      } catch {
        note(error.faults + FunctionConfig.unknownFields(of: item))
      }
    }
    guard faults.isEmpty else { throw FunctionConfigFileError(faults: faults) }
    return configs
  }

  /// The text that `read` gives these configs for.
  ///
  /// - Throws: `FunctionConfigFileError` naming the configs that TOML cannot say: those with a null among the
  ///   arguments of a reference or in a default value.
  public static func write(_ configs: [FunctionConfig], _ format: Format) throws(FunctionConfigFileError)
    -> String
  {
    let value: Value = ["functions": .array(configs.map(\.value))]
    switch format {
    case .json: return value.json + "\n"
    case .toml:
      if let text = value.toml { return text }
      let faults = configs.enumerated().filter { $0.element.value.toml == nil }.map { index, config in
        FunctionConfigFileError.Fault(
          file: "TOML", index: index, requestType: config.requestType.string,
          reason: "holds a null, which TOML cannot say")
      }
      throw FunctionConfigFileError(faults: faults)
    }
  }
}
