extension Unicode.Scalar {
  /// Whether people see it: neither a blank nor a character that controls, formats or stands for nothing.
  package var isVisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
      .spaceSeparator:
      false
    default: true
    }
  }
}
