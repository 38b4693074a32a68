extension Gateway {
  /// Why no client should be sent to this gateway, where another would do better; nil when nothing is wrong with it.
  ///
  /// Nothing of what other parts of the system do counts, nor what clients do: dead services and open breakers are the
  /// same behind every gateway. It counts that the configured services were not asked yet for their functions, each once,
  /// whether or not they answered, and that there is no function at all.
  public func readinessFault() -> String? {
    guard !configuration.isClient else { return nil }
    let waiting = puller.unasked
    if let first = waiting.first {
      let more = waiting.count > 1 ? " and \(waiting.count - 1) more" : ""
      return "\(first)\(more) was not asked for its functions yet"
    }
    return configs.count == 0 ? "no function is known" : nil
  }

  /// Whether it could serve, every service was asked, and there is no function all the same.
  package var lacksFunctions: Bool {
    !configuration.isClient && puller.unasked.isEmpty && configs.count == 0
  }
}
