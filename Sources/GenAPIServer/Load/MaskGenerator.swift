/// Numbers to choose requests by and to mask frames with. A frame's mask protects proxies from what a page in a browser
/// makes a client send (RFC 6455, 10.3), which is not the case here; the system's generator would cost a call a frame.
///
/// SplitMix64: https://prng.di.unimi.it/splitmix64.c
struct MaskGenerator: RandomNumberGenerator {
  private var state = UInt64.random(in: .min ... .max)

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func nextMask() -> UInt32 { UInt32(truncatingIfNeeded: next()) }
}
