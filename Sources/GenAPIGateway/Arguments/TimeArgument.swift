import GenAPIValue

/// An argument of a call that is a time. Functions of this program get its text; a node whose language has a type for it is
/// called with that.
package struct TimeArgument: Sendable {
  /// Where it stands among the call's arguments, or the object does that it is in.
  package let index: Int
  /// Its name in the object; nil when it is an argument by itself.
  package let name: ByteText?
  /// `datetime`, `naiveDatetime` or `date`.
  package let type: ArgumentType
}
