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
