import OutsideText
import TopModel

/// How wide the names in events can get, from all that are known: columns made for the rows on the screen would jump with each
/// row that comes and goes.
struct EventWidths: Equatable, Sendable {
  var node = 4
  var service = 4
  var type = 4

  init(_ model: ClusterModel) {
    for target in model.header(ViewSettings()).targets {
      node = max(node, DisplayWidth.of((target.node ?? target.address).shown))
    }
    for function in model.knownFunctions {
      service = max(service, Self.width(function.service))
      type = max(type, Self.width(function.requestType))
    }
    (node, service, type) = (min(node, 12), min(service, 20), min(type, 22))
  }

  /// No text is wider than it has bytes, and what is longer than any column need not be measured.
  private static func width(_ name: ByteText) -> Int {
    name.byteCount > 22 ? 22 : DisplayWidth.of(name.shown)
  }
}
