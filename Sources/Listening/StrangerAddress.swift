import NetworkAddress

/// What strangers are told apart by.
enum StrangerAddress {
  /// An address as the client that it stands for; anything else, such as the name of a node, as it is.
  static func of(_ address: String) -> String { IPAddress(address)?.client.description ?? address }
}
