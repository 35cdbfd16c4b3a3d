/* A client without manners, for system tests: a connection that says whatever
   bytes it is given, and hears whole messages, each as a few words:

       raw_hello (c);
       CHECK_STR ("WELCOME 0", raw_hear (c));
       raw_submit (c, 1, "{'kind': 'progress', ...}");
       CHECK_STR ("ACK 1", raw_hear (c));                                       */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include "schema/messages.h"
#include "schema/wire/peer.h"
#include "tests/rig.h"

struct raw {
    struct peer *peer;
    struct arena *arena;
    uint8_t outbox[OUTBOX_SIZE];
    enum message_kind kind; /* of what was heard last, */
    union message message;  /* and itself, until the next */
    size_t len;             /* of its frame */
    uint8_t frame[FRAME_OUT_MAX];
    char said[64 * 1024];
};

/* Connected by the key file, and silent; the outbox is 16 times `outbox`. */
struct raw *raw_open(struct rig *r, const char *key_file, char outbox);
void raw_close(struct raw **c);

/* The first event of a connection by this key: PEER_OPENED, or why not. */
enum peer_event raw_knock(struct rig *r, const char *key_file);

/* --- saying --------------------------------------------------------------------- */

void raw_send(struct raw *c, const void *frame, size_t len);
void raw_send_two(struct raw *c, const void *frame, size_t len); /* as two frames of a message */
void raw_say(struct raw *c, enum message_kind kind, const void *record);
void raw_hello(struct raw *c);

/* A message with the fields that the line says: JSON with single quotes. */
void raw_say_line(struct raw *c, enum message_kind kind, const char *line, ...)
    __attribute__((format(printf, 3, 4)));
void raw_ask(struct raw *c, int64_t id); /* for a tree head, which anyone may see */

/* A frame of a submission into `frame` (FRAME_IN_MAX bytes), its nonce 16 times n.
   The line is JSON with single quotes. */
size_t raw_encode(struct raw *c, int64_t n, const char *line, uint8_t *frame);
size_t raw_encode_body(int64_t n, enum submission_kind kind, const void *body, size_t len,
                       uint8_t *frame);
void raw_submit(struct raw *c, int64_t n, const char *line, ...)
    __attribute__((format(printf, 3, 4)));
void raw_submit_body(struct raw *c, int64_t n, enum submission_kind kind, const void *body,
                     size_t len);

/* --- hearing -------------------------------------------------------------------- */

/* The next message, in words (tests/in_words.h). Fails the test if there is none in
   time. */
const char *raw_hear(struct raw *c);

/* All that is said before the answer to a question that is asked now, separated
   by ", ": "" if there was nothing to say. ACKs that follow each other are one. */
const char *raw_hear_all(struct raw *c);

/* The reason of a REFUSED, RETRY or ERROR that was heard. */
const char *raw_reason(struct raw *c);

#endif
