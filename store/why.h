/* Why something on disk could not be opened: a sentence for the log and for
   the person who reads it. It names the file and says what to do. */
#ifndef STORE_WHY_H
#define STORE_WHY_H

struct why {
    char text[512];
};

/* Fills `why` and returns `rc`, so that a check can end with
   `return why_set(why, -ENOENT, "%s is missing", path);`. */
int why_set(struct why *why, int rc, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
