/// Why a gateway tells nothing.
package enum Absence: Equatable, Sendable {
  /// It cannot be reached, or its connection broke.
  case down
  /// Its connection was not broken, and nothing comes over it, nor over a new one.
  case silent
  /// It said that it shuts down, and has not come back.
  case stopped
  /// It is there, and does not let this program in: the token is wrong or missing.
  case tokenRefused
}
