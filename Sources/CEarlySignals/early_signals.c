#include "early_signals.h"

#include <signal.h>

static void (*before)(int) = SIG_DFL;

// Runs before Swift's main, and as soon as the program is loaded: who asks a gateway that starts to read its configuration again
// gets what the start reads anyway, and does not end it.
__attribute__((constructor)) static void ignore_hang_up(void) { before = signal(SIGHUP, SIG_IGN); }

void early_signals_restore(void) { signal(SIGHUP, before); }
