import GenAPIValue

/// The users with most requests, failures and refusals of a function, or of all, as the gateways count them.
package struct TopUsersView: Equatable, Sendable {
  package struct User: Equatable, Sendable {
    package var name: ByteText
    package var requests: Int64 = 0
    package var failed: Int64 = 0
    package var refused: Int64 = 0
    /// By how much the largest of these may be too large; 0 where all are exact.
    package var over: Int64 = 0

    package init(name: ByteText, requests: Int64 = 0, failed: Int64 = 0, refused: Int64 = 0, over: Int64 = 0)
    {
      self.name = name
      self.requests = requests
      self.failed = failed
      self.refused = refused
      self.over = over
    }
  }

  /// Since when they are counted, microseconds since the Unix epoch; nil when no gateway tells.
  package var since: Int64?
  /// Since when those gateways count that began last, as one that was started anew; nil where all began with the first.
  package var lastSince: Int64?
  /// What failed or was refused most first, then who asked most; at most `most`.
  package var users: [User] = []

  package static let most = 20

  package init() {}
}
