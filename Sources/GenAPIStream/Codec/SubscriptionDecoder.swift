import GenAPIValue

/// Reads `subscribe` frames. They come from strangers, so every list and text has a bound.
enum SubscriptionDecoder {
  static func subscription(_ fields: FrameFields) throws(FrameError) -> Subscription {
    let interval = try fields.int("interval_ms", default: Int64(StreamProtocol.defaultIntervalMs))
    let filter = FrameFields(try fields.object("filter"), of: "subscribe", prefix: "filter.")
    let exclude = FrameFields(try filter.object("exclude"), of: "subscribe", prefix: "filter.exclude.")
    // What a filter says and nobody reads would let pass what it was to keep out.
    let keys = FilterTermList().lists.map(\.key)
    try filter.check(allowed: keys + ["exclude"])
    try exclude.check(allowed: keys)
    return Subscription(
      token: fields.object["token"].map { $0.isNull } == false ? try fields.string("token") : nil,
      encoding: try fields.string("encoding", default: "json"),
      events: try fields.bool("events", default: true), intervalMs: Int(clamping: interval),
      snapshot: try fields.bool("snapshot", default: true),
      filter: EventFilter(include: try terms(filter), exclude: try terms(exclude)),
      narrowsState: try fields.bool("narrow_state", default: true),
      changedBuckets: try fields.bool("changed_buckets", default: false))
  }

  private static func terms(_ fields: FrameFields) throws(FrameError) -> FilterTermList {
    let terms = FilterTermList(
      services: try fields.strings("services"), requestTypes: try fields.strings("request_types"),
      categories: try fields.strings("categories"), names: try fields.strings("names"),
      nodes: try fields.strings("nodes"), users: try fields.strings("users"))
    for (key, patterns) in terms.lists {
      if patterns.count > FilterTermList.maximumPatterns {
        throw fields.wrong(
          key, "a list of at most \(FilterTermList.maximumPatterns) patterns", found: "of \(patterns.count)")
      }
      if let other = patterns.first(where: {
        $0.utf8.count > FilterTermList.maximumPatternBytes || $0.isEmpty
      }) {
        throw fields.wrong(
          key, "a list of patterns of 1 … \(FilterTermList.maximumPatternBytes) bytes",
          found: "one of \(other.byteCount)")
      }
    }
    return terms
  }
}
