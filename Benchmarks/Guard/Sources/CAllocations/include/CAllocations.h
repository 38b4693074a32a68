#pragma once

/// Allocations of the calling thread since it began.
long allocations_of_this_thread(void);
