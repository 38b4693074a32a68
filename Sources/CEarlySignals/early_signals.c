#include "early_signals.h"

#include <signal.h>

// SIGHUP is listened to later. SIGUSR1 and SIGUSR2 mean something to other servers (open the log anew), and who sends them to
// this one does not mean its end.
static const int early[] = {SIGHUP, SIGUSR1, SIGUSR2};
enum { count = sizeof early / sizeof *early };
static void (*before[count])(int);

// Runs before Swift's main, and as soon as the program is loaded: who asks a gateway that starts to read its configuration again
// gets what the start reads anyway, and does not end it.
__attribute__((constructor)) static void ignore_early_signals(void) {
  for (int index = 0; index < count; index++) before[index] = signal(early[index], SIG_IGN);
}

void early_signals_restore(void) {
  for (int index = 0; index < count; index++) signal(early[index], before[index]);
}
