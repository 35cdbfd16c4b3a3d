/* What a person says at length with an option: a note, a reason, the text of an
   action. One rule for every command:

       --reason "as agreed"    the words themselves, where they are few
       --reason @FILE          what is in the file
       --reason -              standard input, to its end
       --reason @@home         words that begin with an @: "@home"

   Words stay in the shell's history and are seen by `ps`; what is in a file or
   comes by a pipe is not. talk_options reads all such options of a command, so
   that only values with a form of their own (AGENCY=REASON) call this.         */
#ifndef AGENTS_CLI_GIVEN_TEXT_H
#define AGENTS_CLI_GIVEN_TEXT_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* A letter as it was saved, with one line of it meant. */
enum { LETTER_MAX = 64 * 1024 };

/* Says the rule where an option's meaning is told. */
#define GIVEN_TEXT " (words, @FILE, or - for standard input)"

/* Puts what is meant in place of what was typed, at most `most` bytes, in the arena;
   spaces and ends of lines about it are left out, and so is what Windows adds (a
   byte order mark, CR before LF). False with a fault of that option. */
bool given_text(struct arena *arena, const char *option, int64_t most, struct text *text,
                struct fault *fault);

/* The same for every option of the record that may be as long as a note (a TEXT of
   TEXT_MAX), or as a letter. */
bool given_texts(struct arena *arena, const struct record *r, void *options, struct fault *fault);

#endif
