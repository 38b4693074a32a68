/// Why a gateway tells nothing.
package enum Absence: Equatable, Sendable {
  /// It cannot be reached, or its connection broke.
  case down
  /// It said that it shuts down, and has not come back.
  case stopped
  /// It is there, and does not let this program in: the token is wrong or missing.
  case tokenRefused
}
