#pragma once

/// One more than the slot of the calling thread; 0 before it has one. Swift has no variables of a thread, and a look-up by
/// key costs as much as half of counting an event.
extern _Thread_local long thread_slot_kept;

static inline long thread_slot(void) { return thread_slot_kept; }
static inline void thread_slot_keep(long kept) { thread_slot_kept = kept; }
