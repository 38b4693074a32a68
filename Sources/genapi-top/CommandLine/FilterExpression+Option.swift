import TopModel

extension FilterExpression {
  /// What `--filter` says; everything passes without it.
  ///
  /// - Throws: an exit code, after having told what is wrong.
  init(option text: String?) throws {
    let text = text ?? ""
    do throws(FilterError) {
      try self.init(parsing: text)
    } catch {
      throw UsageError.end(
        "--filter: \(error.message)", error.underlined(text).map { "  " + $0 }, code: UsageError.usage)
    }
  }
}

extension DashboardSetup {
  /// A filter of single requests or events narrows no number of the document: all of them would pass for those that were asked for.
  ///
  /// - Throws: an exit code, after having told which terms these are, and where they are written.
  func refuseFilterOfEvents() throws {
    let others = filter.keys.filter { !ClusterSummary.narrowedBy.contains($0) }
    guard !others.isEmpty else { return }
    let origin: String =
      switch configuration.origins["filter"] {
      case .file(let path, let line): path + (line.map { ":\($0)" } ?? "") + ": filter"
      default: "--filter"
      }
    throw UsageError.end(
      "\(origin): --json and --toon hold no single requests and events, so \(others.map { $0 + ":" }.joined(separator: " ")) "
        + "narrows nothing of them; print events by genapi-top events --json", code: UsageError.usage)
  }
}
