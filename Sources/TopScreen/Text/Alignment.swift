/// Where text stands in a field that is wider.
public enum Alignment: Sendable {
  case left
  case right
  case center
}
