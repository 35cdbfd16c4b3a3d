/* What this process logs, for the test to read, in place of stderr: of an event no more than
   is ever written at once (schema/wire/logging.h), by all tests together.

       struct logged log; logged_begin(&log); ... logged_end(&log, text)                  */
#ifndef TESTS_LOGGED_H
#define TESTS_LOGGED_H

enum { LOGGED_TEXT = 16 * 1024 };

struct logged {
    int before, file;
};

void logged_begin(struct logged *l);

/* Its lines, terminated. */
const char *logged_end(struct logged *l, char text[LOGGED_TEXT]);

#endif
