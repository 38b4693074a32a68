import GenAPITelemetry

extension GatewayStateChange {
  /// Takes on what the next piece of the same change says.
  mutating func merge(_ piece: GatewayStateChange) {
    var merged = MergedSections(whole: self, piece: piece)
    GatewayState.visitSections(&merged)
    self = merged.whole
    guard let more = piece.removed else { return }
    removed = (removed ?? [:]).merging(more) { $0 + $1 }
  }
}

private struct MergedSections: SectionVisitor {
  var whole: GatewayStateChange
  let piece: GatewayStateChange

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if let object = piece[section] { whole[section] = object }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) { whole[section] += piece[section] }
}
