#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processor cores this process may use; at least 1, at most 1 024.
func availableCores() -> Int { min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1_024) }
