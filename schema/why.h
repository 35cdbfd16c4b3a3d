/* Why the machine failed: a sentence for the log and for the person who reads it. It
   names the file or the address, and says what to do. What a peer did wrong is a
   fault (schema/fault.h). */
#ifndef SCHEMA_WHY_H
#define SCHEMA_WHY_H

struct why {
    char text[700];
};

/* Fills `why` and returns `rc`, so that a check can end with
   `return why_set(why, -ENOENT, "%s is missing", path);`. */
int why_set(struct why *why, int rc, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
