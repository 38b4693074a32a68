#pragma once

// The system's zlib: reads and writes compressed files (RFC 1952), and plain ones through the same calls.
#include <zlib.h>
