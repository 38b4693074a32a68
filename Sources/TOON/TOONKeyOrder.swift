/// In which order the fields of an object are written.
public enum TOONKeyOrder: Sendable {
  /// As the object has them.
  case encountered
  /// By the bytes of their keys, so that equal objects are equal texts.
  case sorted
}
