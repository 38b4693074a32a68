/// Where text stands in a field that is wider.
package enum Alignment: Sendable {
  case left
  case right
  case center
}
