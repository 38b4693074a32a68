extension JSONWriter {
  /// Writes a whole number.
  public mutating func int(_ value: Int64) {
    memory.reserve(TextMemory.longestInt + 1)
    separate()
    memory.put(value)
  }

  /// Writes a number; null for one that JSON has no form for.
  public mutating func double(_ value: Double) {
    memory.reserve(TextMemory.longestInt + 3)
    // Below 2 to the 53rd every whole double is an integer of the same value; -0.0 is not.
    if value.magnitude < 9_007_199_254_740_992, value.rounded(.towardZero) == value,
      value != 0 || value.sign == .plus
    {
      separate()
      memory.put(Int64(value))
      memory.put(".0")
    } else if value.isFinite {
      separate()
      var text = value.description
      text.withUTF8 { memory.append(UnsafeRawBufferPointer($0)) }
    } else {
      null()
    }
  }
}
