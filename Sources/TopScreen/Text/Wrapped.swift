extension String {
  /// Lines of at most `width` columns, broken at blanks where there are any. At most 1000 lines.
  package func wrapped(to width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in split(separator: " ", omittingEmptySubsequences: true) where lines.count < 1000 {
      let wordWidth = DisplayWidth.of(word)
      if used > 0, used + 1 + wordWidth <= width {
        line += " " + word
        used += 1 + wordWidth
        continue
      }
      if used > 0 { lines.append(line) }
      line = ""
      used = 0
      for cluster in word {
        let clusterWidth = DisplayWidth.of(cluster)
        if used + clusterWidth > width, used > 0 {
          lines.append(line)
          line = ""
          used = 0
        }
        line.append(cluster)
        used += clusterWidth
      }
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
  }
}
