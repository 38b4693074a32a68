#include "thread_slot.h"

_Thread_local long thread_slot_kept = 0;
