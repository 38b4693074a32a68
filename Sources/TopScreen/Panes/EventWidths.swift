import OutsideText
import TopModel

/// How wide the names in events can get, from all that are known: columns made for the rows on the screen would jump with each
/// row that comes and goes.
struct EventWidths: Equatable, Sendable {
  var node = 4
  var service = 4
  var type = 4

  init(_ model: ClusterModel) {
    for name in model.targetNames { node = Self.wider(node, name) }
    model.eachFunction { service, type in
      self.service = Self.wider(self.service, service)
      self.type = Self.wider(self.type, type)
    }
    (node, service, type) = (min(node, 12), min(service, 20), min(type, 22))
  }

  /// No text is wider than it has bytes, and what is longer than any column need not be measured.
  private static func wider(_ width: Int, _ name: ByteText) -> Int {
    if name.byteCount <= width { return width }
    return name.byteCount > 22 ? 22 : max(width, DisplayWidth.of(name.shown))
  }
}
