import ArgumentParser
import OutsideText

/// A number of an option, as a person writes it: `30`, `0.5`.
enum DecimalOption {
  static func read(_ text: String) throws -> Double {
    guard let number = PlainNumber.decimal(text) else {
      throw ValidationError("write a number such as 30 or 0.5")
    }
    return number
  }
}
