import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a Swift type is to the bounds that can be stated of it: its declaration may take more than the type has, as a list of any values for
/// an array of times.
indirect enum ArgumentKind {
  case number, text, bytes, time, other
  /// It may hold anything, or is a type of the program's own, of which its declaration decides.
  case open
  case list(ArgumentKind)
  case dictionary(ArgumentKind)

  init(_ type: Any.Type) {
    switch type {
    case let optional as any WrappingType.Type: self.init(optional.wrapped)
    case let list as any ListType.Type: self = .list(ArgumentKind(list.element))
    case let dictionary as any DictionaryType.Type where dictionary.isObject:
      self = .dictionary(ArgumentKind(dictionary.value))
    case is Data.Type: self = .bytes
    case is Date.Type, is DateTime.Type, is NaiveDateTime.Type: self = .time
    case is Bool.Type, is UUID.Type: self = .other
    case is String.Type, is ByteText.Type, is URL.Type: self = .text
    case is Decimal.Type, is Duration.Type, is any FixedWidthInteger.Type, is any BinaryFloatingPoint.Type:
      self = .number
    default: self = .open
    }
  }

  /// Whether a bound has a meaning for it.
  func has(_ option: ArgumentOption) -> Bool {
    switch (option, self) {
    case (_, .open), (.maxBytes, .text), (.maxBytes, .bytes), (.maxItems, .list), (.maxItems, .dictionary),
      (.min, .number), (.max, .number):
      true
    case (.maxItemBytes, .list(let item)), (.maxItemBytes, .dictionary(let item)): item.holdsTexts
    // Those of a dictionary are told by its declaration.
    case (.min, _), (.max, _): true
    case (.maxBytes, _), (.maxItems, _), (.maxItemBytes, _): false
    default: true
    }
  }

  private var holdsTexts: Bool {
    switch self {
    case .text, .bytes, .open: true
    case .number, .time, .other: false
    case .list(let item), .dictionary(let item): item.holdsTexts
    }
  }

  /// What follows "not for".
  var words: ByteText {
    switch self {
    case .number: "a number"
    case .text: "a text"
    case .bytes: "bytes"
    case .time: "a time"
    case .other, .open: "a value of another kind"
    case .list(let item): "an array of \(item.ofMany)"
    case .dictionary(let item): "a dictionary of \(item.ofMany)"
    }
  }

  private var ofMany: ByteText {
    switch self {
    case .number: "numbers"
    case .text: "texts"
    case .bytes: "bytes"
    case .time: "times"
    case .other, .open: "other values"
    case .list: "arrays"
    case .dictionary: "dictionaries"
    }
  }
}
