/// Gives SIGHUP back the meaning that it had when the program began.
void early_signals_restore(void);
