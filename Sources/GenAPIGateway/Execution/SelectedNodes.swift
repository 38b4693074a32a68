import GenAPIValue

/// Where a request's call runs.
enum SelectedNodes: Sendable {
  /// In this process.
  case local
  /// The chosen one first, then those to fall back to.
  case nodes([ByteText])
  /// No list could be made.
  case failed(ByteText)
}
