extension String {
  /// On one line of a terminal: what a gateway says may hold what a terminal would obey.
  package var onOneLine: String {
    guard unicodeScalars.contains(where: \.isObeyed) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isObeyed {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Moves the cursor, begins a sequence, ends the line or turns the writing's direction.
  fileprivate var isObeyed: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
