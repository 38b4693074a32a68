import GenAPIValue

/// An option of an argument's declaration that some types have and others do not: the one list of which.
enum ArgumentOption: String, CaseIterable {
  case min, max, whole
  case maxBytes = "max_bytes"
  case maxItems = "max_items"
  case maxItemBytes = "max_item_bytes"
  case required, accept, nested, decimal
  case nilItems = "allow_nil_items"

  /// Those that every type has.
  static let ofAll = ["type", "allow_nil", "default_value"]

  /// - Parameter isDecimal: it is declared to be of decimal numbers.
  func fits(_ type: ArgumentType, _ isDecimal: Bool) -> Bool {
    switch self {
    case .whole: type == .num || type == .listNum
    // Of any value, and of a list of any, only decimal numbers have them.
    case .min, .max:
      type == .num || type == .listNum || type == .map || isDecimal && (type == .any || type == .list)
    case .maxBytes: type == .string || type == .any
    case .maxItems: type.isList || type == .map || type == .any
    case .maxItemBytes:
      type == .listString || type == .list || type == .listMap || type == .map || type == .any
    case .required, .accept, .nested: type == .map
    case .decimal: type == .any || type == .list
    case .nilItems: type.isList
    }
  }

  /// The types that have it, in words.
  private var types: String {
    switch self {
    case .whole: "num and list_num"
    case .min, .max: "num, list_num, map and decimal numbers"
    case .maxBytes: "string and any"
    case .maxItems: "lists, map and any"
    case .maxItemBytes: "list, list_string, list_map, map and any"
    case .required, .accept, .nested: "map"
    case .decimal: "any and list"
    case .nilItems: "lists"
    }
  }

  var swiftTypes: String {
    switch self {
    case .min, .max, .whole: "numbers, and arrays and dictionaries of numbers"
    case .maxBytes: "texts"
    case .maxItems: "arrays and dictionaries"
    case .maxItemBytes: "arrays and dictionaries of texts"
    case .required, .accept, .nested: "dictionaries"
    case .decimal: "decimal numbers"
    case .nilItems: "arrays"
    }
  }

  static func swiftName(of type: ArgumentType) -> String {
    switch type {
    case .string: "a text"
    case .num: "a number"
    case .boolean: "a Bool"
    case .uuid: "a UUID"
    case .datetime, .naiveDatetime, .date: "a time"
    case .map: "a type with fields or a dictionary"
    case .list: "an array of values"
    case .listString: "an array of texts"
    case .listNum: "an array of numbers"
    case .listUUID: "an array of UUIDs"
    case .listMap: "an array of types with fields"
    case .any: "a value of any kind"
    }
  }

  /// What is told of it where it does not fit.
  func misfit(_ type: ArgumentType, in words: FaultWords) -> ByteText {
    words == .swift
      ? "\(words.field(ByteText(rawValue))) is for \(swiftTypes), not for \(Self.swiftName(of: type))"
      : "\(words.field(ByteText(rawValue))) is for \(types), not for \(type.rawValue)"
  }

  /// Whether a declaration says something of it.
  func isStated(in spec: ArgumentSpec) -> Bool {
    switch self {
    case .min: spec.min != nil
    case .max: spec.max != nil
    case .whole: spec.isWhole
    case .maxBytes: spec.maxBytes != nil
    case .maxItems: spec.maxItems != nil
    case .maxItemBytes: spec.maxItemBytes != nil
    case .required: !spec.required.isEmpty
    case .accept: spec.accept != nil
    case .nested: spec.isNested
    case .decimal: spec.isDecimal
    case .nilItems: spec.allowsNilItems
    }
  }

  /// The same of one that is written, of whatever kind its value is: null, false and an empty list of keys say nothing.
  func isStated(in object: ValueObject) -> Bool {
    switch object[ByteText(rawValue)] {
    case nil, .null: false
    case .bool(false): self != .whole
    case .array([]): self != .required
    case .some: true
    }
  }
}
