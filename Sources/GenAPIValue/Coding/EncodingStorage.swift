/// The encoder a value writes into: one per value, holding what has been written.
final class EncodingStorage: Encoder {
  enum Content {
    case none
    case single(Value)
    case object(ValueObject)
    case array([Value])
  }

  /// Where in its parent a nested container goes.
  enum Slot: Hashable {
    case key(ByteText)
    case index(Int)
  }

  let codingPath: [any CodingKey]
  let coding: ValueCoding
  /// How many values are around this one.
  let level: Int
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private var content: Content = .none
  /// Nested containers fill their own storage; they are read when all has been written.
  private var nested: [Slot: EncodingStorage] = [:]

  init(path: [any CodingKey], coding: ValueCoding, level: Int) {
    codingPath = path
    self.level = level
    self.coding = coding
  }

  var value: Value {
    switch content {
    case .none: return .object([:])
    case .single(let value): return value
    case .object(var object):
      for case (.key(let key), let storage) in nested { object[key] = storage.value }
      return .object(object)
    case .array(var array):
      // Every slot was made by `append`, so it lies within the array.
      for case (.index(let index), let storage) in nested { array[index] = storage.value }
      return .array(array)
    }
  }

  /// The value as a whole. The fields of an object join those that were written before.
  func put(_ value: Value) {
    if case .object(let fields) = value, case .object = content {
      for (key, field) in fields { set(field, key: key) }
    } else {
      content = .single(value)
    }
  }

  func set(_ value: Value, key: ByteText) {
    guard case .object(var object) = content else { return }
    // Emptied, so that the object is changed in place and not copied.
    content = .none
    object[key] = value
    content = .object(object)
    if !nested.isEmpty { nested[.key(key)] = nil }
  }

  func append(_ value: Value) {
    guard case .array(var array) = content else { return }
    content = .none
    array.append(value)
    content = .array(array)
  }

  var count: Int { if case .array(let array) = content { array.count } else { 0 } }

  /// The storage of a container nested under a key: the same one each time.
  func nest(_ key: any CodingKey) -> EncodingStorage {
    let name = ByteText(key.stringValue)
    if let storage = nested[.key(name)] { return storage }
    set(.null, key: name)
    let storage = EncodingStorage(path: codingPath + [key], coding: coding, level: level + 1)
    nested[.key(name)] = storage
    return storage
  }

  /// The storage of a container nested as the next element.
  func nestNext() -> EncodingStorage {
    let index = count
    append(.null)
    let storage = EncodingStorage(
      path: codingPath + [IndexKey(index: index)], coding: coding, level: level + 1)
    nested[.index(index)] = storage
    return storage
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    switch content {
    case .object: break
    case .single(.object(let object)): content = .object(object)
    default: content = .object([:])
    }
    return KeyedEncodingContainer(KeyedValueEncoding<Key>(storage: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    switch content {
    case .array: break
    case .single(.array(let array)): content = .array(array)
    default: content = .array([])
    }
    return UnkeyedValueEncoding(storage: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValueEncoding(storage: self) }

  func integer(_ value: some BinaryInteger) -> Value {
    if let fitting = Int64(exactly: value) { return .int(fitting) }
    // The digits of a number are an integer, and one that does not fit has more than 18 of them.
    return WideInteger("\(value)").map(Value.wideInteger) ?? .null
  }
}

extension Float {
  /// The double that is written with the same digits: 0.1 is 0.1, not the 0.10000000149011612 that it is nearest to. A whole number, whose
  /// last digits are not written, is itself.
  package var asWritten: Double { self == rounded() ? Double(self) : Double(description) ?? Double(self) }
}
