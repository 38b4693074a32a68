/// A day in the form of ISO 8601: `2025-01-15`.
package struct DateText {
  package let date: CivilDate

  /// nil when the text is of another form, or there is no such day.
  package init?(_ text: String) {
    var digits = DigitReader(text)
    guard let date = digits.date(), digits.isAtEnd else { return nil }
    self.date = date
  }

  package var description: String {
    DateTimeText.day(year: date.year, month: date.month, day: date.day)
  }
}
