import GenAPIValue
import TOMLKit

extension Value {
  /// Reads TOML text: the object that its tables and keys make.
  ///
  /// Dates and times, which a value has no kind for, are faults. Keys come in the order of their names.
  /// - Throws: `TOMLText.Fault` naming the line.
  public init(toml text: String) throws(TOMLText.Fault) {
    let json = try TOMLText.json(text, [.quoteDateAndTimes, .quoteInfinitesAndNaNs, .allowUnicodeStrings])
    do {
      self = try Value(json: json)
    } catch {
      throw TOMLText.Fault(line: nil, reason: "holds what no value can: \(error)")
    }
  }

  /// The TOML text of an object; nil for another kind, and when there is a null in it, which TOML cannot say.
  ///
  /// Bytes become a Base64 string.
  public var toml: String? {
    guard let object, let table = Self.table(object) else { return nil }
    return table.convert(to: .toml, options: [.allowUnicodeStrings]) + "\n"
  }

  private static func table(_ object: ValueObject) -> TOMLTable? {
    let table = TOMLTable()
    for (key, value) in object {
      guard let converted = value.tomlValue else { return nil }
      table[key.string] = converted
    }
    return table
  }

  private var tomlValue: (any TOMLValueConvertible)? {
    switch self {
    case .null: return nil
    case .bool(let value): return value
    case .int(let value): return Int(value)
    case .double(let value): return value
    case .string(let value): return value.string
    // TOML has no integer beyond 64 bits.
    case .wideInteger(let value): return value.digits.string
    case .bytes: return (try? Value(json: jsonBytes))?.string?.string
    case .array(let items):
      let array = TOMLArray()
      for item in items {
        guard let converted = item.tomlValue else { return nil }
        array.append(converted)
      }
      return array
    case .object(let object): return Self.table(object)
    }
  }

}
