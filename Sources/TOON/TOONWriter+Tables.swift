import GenAPIValue

extension TOONWriter {
  /// A column of a table: primitives, or objects that all have the same columns themselves.
  struct Column {
    let key: ByteText
    /// Empty for a column of primitives.
    var group: [Column] = []
  }

  /// The columns of a table, if the values can be one.
  struct Columns {
    let columns: [Column]
    /// Every object has the columns in this order, and only primitives: its values are the row.
    var isPlain: Bool
  }

  // MARK: Finding tables

  /// - Parameter level: arrays and objects around the array.
  mutating func columns(of elements: some RandomAccessCollection<Value>, level: Int) -> Columns? {
    guard level + 1 < options.maxDepth, let first = elements.first, case .object(let object) = first,
      !object.isEmpty
    else { return nil }
    if let plain = plainColumns(object, elements) { return plain }
    var objects: [ValueObject] = []
    objects.reserveCapacity(elements.count)
    for element in elements {
      guard case .object(let object) = element else { return nil }
      objects.append(object)
    }
    return group(objects, level: level + 1).map { Columns(columns: $0, isPlain: false) }
  }

  /// The table of most arrays: objects of primitives, all with the same keys in the same order.
  private mutating func plainColumns(
    _ first: ValueObject, _ elements: some RandomAccessCollection<Value>
  ) -> Columns? {
    let keys = first.keys
    for element in elements {
      guard case .object(let object) = element, object.count == keys.count else { return nil }
      looks += keys.count
      for index in keys.indices {
        guard object.values[index].isPrimitive, object.keys[index] == keys[index] else { return nil }
      }
    }
    return Columns(columns: keys.map { Column(key: $0) }, isPlain: true)
  }

  /// What the objects have in common as columns: nil when their keys differ, or the kinds of a key's values.
  ///
  /// - Parameter level: arrays and objects around the objects.
  private mutating func group(_ objects: [ValueObject], level: Int) -> [Column]? {
    guard let first = objects.first, !first.isEmpty, level < options.maxDepth else { return nil }
    // Cheap refusals first: the keys, then the kinds, and only then what lies deeper.
    for object in objects {
      looks += 1
      guard object.count == first.count else { return nil }
    }
    var columns: [Column] = []
    var nested: [(column: Int, objects: [ValueObject])] = []
    for (index, (key, value)) in first.elements.enumerated() {
      columns.append(Column(key: key))
      looks += objects.count
      if value.isPrimitive {
        for object in objects {
          guard let other = object.value(of: key, expectedAt: index), other.isPrimitive else { return nil }
        }
      } else {
        guard options.version == .v4, case .object = value else { return nil }
        var values: [ValueObject] = []
        for object in objects {
          guard case .object(let inner)? = object.value(of: key, expectedAt: index), !inner.isEmpty else {
            return nil
          }
          values.append(inner)
        }
        nested.append((index, values))
      }
    }
    for (column, objects) in nested {
      guard let group = group(objects, level: level + 1) else { return nil }
      columns[column].group = group
    }
    return columns
  }

  /// The columns that all values of an object share; nil when it is no keyed table.
  mutating func keyedColumns(_ object: ValueObject, level: Int) -> Columns? {
    guard options.version == .v4, object.count >= 2 else { return nil }
    return columns(of: object.values, level: level)
  }

  // MARK: Writing tables

  /// `[2]{id,name}:`, or for an object `[2:]{id,name}:`.
  mutating func header(count: Int, isKeyed: Bool, _ columns: Columns) {
    bracket(count: count, isKeyed: isKeyed)
    names(columns.columns)
    memory.append(UInt8(ascii: ":"))
  }

  private mutating func names(_ columns: [Column]) {
    memory.append(UInt8(ascii: "{"))
    for (index, column) in columns.enumerated() {
      if index > 0 { memory.append(options.delimiter.rawValue) }
      key(column.key)
      if !column.group.isEmpty { names(column.group) }
    }
    memory.append(UInt8(ascii: "}"))
  }

  mutating func keyedTable(_ object: ValueObject, _ columns: Columns, depth: Int) {
    header(count: object.count, isKeyed: true, columns)
    let values = object.values.elements
    for index in values.indices {
      guard case .object(let entry) = values[index] else { continue }
      line(depth + 1)
      self.key(object.keys[index])
      literal(": ")
      row(entry, columns)
    }
  }

  mutating func row(_ object: ValueObject, _ columns: Columns) {
    var isFirst = true
    if columns.isPlain {
      for value in object.values.elements { cell(value, &isFirst) }
    } else {
      cells(object, columns.columns, &isFirst)
    }
  }

  private mutating func cells(_ object: ValueObject, _ columns: [Column], _ isFirst: inout Bool) {
    for (index, column) in columns.enumerated() {
      guard let value = object.value(of: column.key, expectedAt: index) else { continue }
      if case .object(let inner) = value {
        cells(inner, column.group, &isFirst)
      } else {
        cell(value, &isFirst)
      }
    }
  }

  @inline(__always)
  private mutating func cell(_ value: Value, _ isFirst: inout Bool) {
    if isFirst { isFirst = false } else { memory.append(options.delimiter.rawValue) }
    primitive(value)
  }
}

extension ValueObject {
  /// The value of a key, which is looked for only if another stands at its place.
  fileprivate func value(of key: ByteText, expectedAt index: Int) -> Value? {
    if index < count, keys[index] == key { return values[index] }
    return self[key]
  }
}
