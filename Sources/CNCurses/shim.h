#pragma once

// Wide characters, and functions that stay functions: macros do not import into Swift.
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#define NCURSES_NOMACROS 1

#if __has_include(<ncursesw/curses.h>)
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
#else
#include <curses.h>
#include <term.h>
#endif

// term.h names every capability with a macro; these collide with ordinary Swift names.
#undef lines
#undef columns
#undef buttons
#undef tab
#undef bell
#undef newline

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <wchar.h>

// Hidden by some feature macros, though every C library has it.
extern int wcwidth(wchar_t character);

// ncurses keeps its screen in mutable globals, which Swift's concurrency checks refuse: they are reached
// through the functions below. All of them may be called by the thread that owns the screen only.

static inline SCREEN *nc_open(const char *term) { return newterm(term, stdout, stdin); }
static inline int nc_lines(void) { return LINES; }
static inline int nc_columns(void) { return COLS; }
static inline int nc_colors(void) { return COLORS; }
static inline int nc_color_pairs(void) { return COLOR_PAIRS; }

static inline int nc_move(int row, int column) { return wmove(stdscr, row, column); }
static inline int nc_erase_to_end_of_line(void) { return wclrtoeol(stdscr); }
static inline int nc_erase(void) { return werase(stdscr); }
static inline int nc_refresh(void) { return wrefresh(stdscr); }
static inline int nc_redraw_all_next_time(void) { return clearok(curscr, TRUE); }

/// Pairs above 255 travel through the last argument, as a pointer to int.
static inline int nc_style(attr_t attributes, int pair) {
  return wattr_set(stdscr, attributes, (short)(pair > 32767 ? 32767 : pair), &pair);
}

/// The columns ncurses gives a character; -1 for a control character.
static inline int nc_width(unsigned int character) { return wcwidth((wchar_t)character); }

/// One run of one style, at most `count` wide characters.
static inline int nc_write(const wchar_t *text, int count) { return waddnwstr(stdscr, text, count); }

/// What is typed is not read by ncurses: it must not look for it either.
static inline void nc_prepare_input(void) {
  keypad(stdscr, TRUE);
  meta(stdscr, TRUE);
  intrflush(stdscr, FALSE);
  typeahead(-1);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, FALSE);
}

static inline int nc_ok(void) { return OK; }

static inline attr_t nc_bold(void) { return WA_BOLD; }
static inline attr_t nc_dim(void) { return WA_DIM; }
static inline attr_t nc_underline(void) { return WA_UNDERLINE; }
static inline attr_t nc_reverse(void) { return WA_REVERSE; }

/// The size the terminal itself reports; 0 when it does not say.
static inline int nc_window_size(int descriptor, int *width, int *height) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  *width = size.ws_col;
  *height = size.ws_row;
  return size.ws_col > 0 && size.ws_row > 0;
}

/// A capability's string, NULL when the terminal has none.
static inline const char *nc_capability(const char *name) {
  char *text = tigetstr(name);
  return text == (char *)-1 ? NULL : text;
}

/// Whether colour numbers are red, green and blue themselves (the extended capability RGB, which terminals
/// give as a flag, a number or a string).
static inline int nc_has_direct_color(void) {
  if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0) return 1;
  return nc_capability("RGB") != NULL;
}
