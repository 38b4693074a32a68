/// The key of an array's element, or of `super`, in a coding path.
struct IndexKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(index: Int) {
    stringValue = "\(index)"
    intValue = index
  }

  init(name: String) {
    stringValue = name
    intValue = nil
  }

  init?(stringValue: String) { self.init(name: stringValue) }
  init?(intValue: Int) { self.init(index: intValue) }
}
