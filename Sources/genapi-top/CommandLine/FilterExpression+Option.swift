import TopModel

extension FilterExpression {
  /// What `--filter` says; everything passes without it.
  ///
  /// - Throws: an exit code, after having told what is wrong.
  init(option text: String?) throws {
    do {
      try self.init(parsing: text ?? "")
    } catch {
      throw Complaint.end("--filter \(text ?? ""): \(error)", code: Complaint.usage)
    }
  }
}
