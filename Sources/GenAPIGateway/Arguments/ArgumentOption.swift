import GenAPIValue

/// An option of an argument's declaration that some types have and others do not: the one list of which.
enum ArgumentOption: String, CaseIterable {
  case min, max, whole
  case maxBytes = "max_bytes"
  case maxItems = "max_items"
  case maxItemBytes = "max_item_bytes"
  case required, accept

  /// Those that every type has.
  static let ofAll = ["type", "allow_nil", "default_value"]

  func fits(_ type: ArgumentType) -> Bool {
    switch self {
    case .min, .max, .whole: type == .num || type == .listNum
    case .maxBytes: type == .string
    case .maxItems: type.isList || type == .map
    case .maxItemBytes: type == .listString || type == .list
    case .required, .accept: type == .map
    }
  }

  /// The types that have it, in words.
  private var types: String {
    switch self {
    case .min, .max, .whole: "num and list_num"
    case .maxBytes: "string"
    case .maxItems: "lists and map"
    case .maxItemBytes: "list and list_string"
    case .required, .accept: "map"
    }
  }

  private var swiftTypes: String {
    switch self {
    case .min, .max, .whole: "numbers and arrays of numbers"
    case .maxBytes: "texts"
    case .maxItems: "arrays and dictionaries"
    case .maxItemBytes: "arrays of texts"
    case .required, .accept: "dictionaries"
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
