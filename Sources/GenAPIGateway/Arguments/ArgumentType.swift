/// What an argument may be.
public enum ArgumentType: String, Sendable, Hashable, CaseIterable {
  case string
  case num
  case boolean
  /// ISO 8601 with an offset; "Z" is one.
  case datetime
  /// ISO 8601; an offset is ignored.
  case naiveDatetime = "naive_datetime"
  /// In its canonical form of 36 characters.
  case uuid
  case any
  case map
  case list
  case listString = "list_string"
  case listNum = "list_num"
  case listUUID = "list_uuid"
  case listMap = "list_map"

  var isList: Bool {
    switch self {
    case .list, .listString, .listNum, .listUUID, .listMap: true
    default: false
    }
  }
}
