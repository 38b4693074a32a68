/// Where a request's call runs.
enum SelectedNodes: Sendable {
  case here
  /// The chosen one first, then those to fall back to.
  case there([String])
  /// No list could be made.
  case failed(String)
}
