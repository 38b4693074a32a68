/// What an argument may be.
public enum ArgumentType: String, Sendable, Hashable, CaseIterable {
  /// A text.
  case string
  /// A number.
  case num
  /// True or false.
  case boolean
  /// ISO 8601 with an offset; "Z" is one.
  case datetime
  /// ISO 8601; an offset is ignored.
  case naiveDatetime = "naive_datetime"
  /// A day of ISO 8601, without a clock.
  case date
  /// In its canonical form of 36 characters.
  case uuid
  /// Any value.
  case any
  /// An object: of any values when nothing else is said of it, else of booleans, numbers, strings and flat lists of those.
  case map
  /// An array of any values.
  case list
  /// An array of texts.
  case listString = "list_string"
  /// An array of numbers.
  case listNum = "list_num"
  /// An array of UUIDs.
  case listUUID = "list_uuid"
  /// An array of objects of any values.
  case listMap = "list_map"

  /// Whether a value of it can be the text that is a user's id.
  var mayBeUserID: Bool {
    switch self {
    case .string, .uuid, .any, .datetime, .naiveDatetime, .date: true
    default: false
    }
  }

  var isTime: Bool { self == .datetime || self == .naiveDatetime || self == .date }

  var isList: Bool {
    switch self {
    case .list, .listString, .listNum, .listUUID, .listMap: true
    default: false
    }
  }
}
