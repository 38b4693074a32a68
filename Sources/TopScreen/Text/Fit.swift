extension String {
  /// At most `width` columns: what does not fit is cut, and `…` says so.
  package func truncated(to width: Int, ellipsis: String = "…") -> String {
    if utf8.count <= width || DisplayWidth.of(self) <= width { return self }
    guard width > 0 else { return "" }
    let room = width - DisplayWidth.of(ellipsis)
    guard room >= 0 else { return String(prefix(0)) }
    var used = 0
    var result = ""
    for cluster in self {
      let clusterWidth = DisplayWidth.of(cluster)
      if used + clusterWidth > room { break }
      result.append(cluster)
      used += clusterWidth
    }
    return result + ellipsis
  }

  /// At most `width` columns: what does not fit is cut out of the middle, since names that begin alike differ at their end.
  package func truncatedInside(to width: Int, ellipsis: String = "…") -> String {
    if utf8.count <= width || DisplayWidth.of(self) <= width { return self }
    let room = width - DisplayWidth.of(ellipsis)
    guard room >= 4 else { return truncated(to: width, ellipsis: ellipsis) }
    var used = 0
    var end: [Character] = []
    for cluster in reversed() {
      let clusterWidth = DisplayWidth.of(cluster)
      if used + clusterWidth > room / 2 { break }
      end.append(cluster)
      used += clusterWidth
    }
    return truncated(to: width - used, ellipsis: ellipsis) + String(end.reversed())
  }

  /// Exactly `width` columns.
  package func padded(to width: Int, _ alignment: Alignment = .left, ellipsis: String = "…") -> String {
    let text = truncated(to: width, ellipsis: ellipsis)
    let missing = max(0, width - DisplayWidth.of(text))
    switch alignment {
    case .left: return text + String(repeating: " ", count: missing)
    case .right: return String(repeating: " ", count: missing) + text
    case .center:
      let before = missing / 2
      return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
    }
  }
}
