import GenAPIValue

/// Where a request's call runs.
enum SelectedNodes: Sendable {
  case here
  /// The chosen one first, then those to fall back to.
  case there([ByteText])
  /// No list could be made.
  case failed(ByteText)
}
