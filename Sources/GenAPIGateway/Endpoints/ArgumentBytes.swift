import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The bounds of `Data`, which clients send as Base64: four characters for each three bytes.
struct ArgumentBytes: Sendable {
  private let most: Int?
  private let mostOfItem: Int?

  /// nil for a type that is neither `Data` nor a list of it, and without bounds.
  init?(of type: Any.Type, maxBytes: Int?, maxItemBytes: Int?) {
    guard ArgumentLeaf.isMade(type, of: Data.self), maxBytes != nil || maxItemBytes != nil else { return nil }
    (most, mostOfItem) = (maxBytes, maxItemBytes)
  }

  /// What a config states of them.
  var textBytes: Int? { most.map(Self.base64) }
  var itemTextBytes: Int? { mostOfItem.map(Self.base64) }

  /// What a client is told of the text's.
  var words: Base64Bound { Base64Bound(bytes: most, itemBytes: mostOfItem) }

  private static func base64(_ bytes: Int) -> Int {
    // What is no bound is refused as it was written.
    guard bytes > 0, bytes <= ConfigBounds.argumentSize.upperBound else { return bytes }
    return min((bytes + 2) / 3 * 4, ConfigBounds.argumentSize.upperBound)
  }

  /// Refuses what the last characters of the text leave room for.
  func check(_ value: some Sendable, _ name: ByteText) throws(ArgumentError) {
    if let most, let data = value as? Data, data.count > most {
      throw ArgumentError("argument \"\(name)\" must be \(Base64Bound.words(most))")
    }
    guard let mostOfItem, let items = value as? [Data] else { return }
    if let index = items.firstIndex(where: { $0.count > mostOfItem }) {
      throw ArgumentError("item \(index) of argument \"\(name)\" must be \(Base64Bound.words(mostOfItem))")
    }
  }
}
