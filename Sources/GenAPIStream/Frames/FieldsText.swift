import GenAPIValue

/// The two objects of an event's line, checked but not read.
struct FieldsText: Sendable {
  /// The measurements, then the metadata: two objects of valid JSON.
  private let bytes: [UInt8]
  private let split: Int

  var count: Int { bytes.count }

  /// - Parameters: two objects that `JSONReader.endOfObject` has passed.
  init(checkedMeasurements measurements: UnsafeRawBufferPointer, metadata: UnsafeRawBufferPointer) {
    split = measurements.count
    bytes = [UInt8](unsafeUninitializedCapacity: measurements.count + metadata.count) { buffer, count in
      let memory = UnsafeMutableRawBufferPointer(buffer)
      memory.copyMemory(from: measurements)
      UnsafeMutableRawBufferPointer(rebasing: memory[measurements.count...]).copyMemory(from: metadata)
      count = measurements.count + metadata.count
    }
  }

  var measurements: ValueObject { withMeasurements(Self.object) }
  var metadata: ValueObject { withMetadata(Self.object) }

  func measurement(_ key: StaticString) -> Value? {
    withMeasurements { JSONReader.field(key, ofChecked: $0) }
  }
  func metadata(_ key: StaticString) -> Value? { withMetadata { JSONReader.field(key, ofChecked: $0) } }

  private static func object(_ bytes: UnsafeRawBufferPointer) -> ValueObject {
    (try? JSONReader.parse(bytes))?.object ?? [:]
  }

  private func withMeasurements<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<split])) }
  }

  private func withMetadata<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[split...])) }
  }
}
