import GenAPIValue

/// What one gateway is called, and where it is.
struct GatewayNames: Sendable {
  let address: ByteText
  var node: ByteText? { didSet { rename() } }
  /// Of those that call themselves the same, from 1.
  var number = 1 { didSet { rename() } }
  var software: ByteText?
  /// Kept, since every event asks for it.
  private(set) var name: ByteText

  init(address: ByteText) {
    self.address = address
    name = address
  }

  private mutating func rename() { name = number > 1 ? "\(node ?? address)#\(number)" : node ?? address }
}
