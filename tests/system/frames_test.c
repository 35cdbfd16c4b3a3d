/* Frames that no client of ours would send, at the real broker: each gets its
   answer, nothing of it is kept, and everybody else goes on. */
#include <msgpack.h>

#include "schema/days.h"
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"

enum { STRIKES = 20 }; /* as the broker's patience has it: at the last it reads no more */

/* Opened, and greeted. */
static struct raw *
greeted(struct stage *s, const char *key_file)
{
    struct raw *c = raw_open(s->rig, key_file, 'o');

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    return c;
}

/* --- frames ------------------------------------------------------------------------ */

/* From `from` on, up to the client's patience; returns where that ended. */
static size_t
send_cut_frames(struct stage *s, int client, const uint8_t *frame, size_t from, size_t len)
{
    char id[40], file[40];

    (void)snprintf(id, sizeof id, "police/cut-%d", client);
    (void)snprintf(file, sizeof file, "cut-%d.zpl", client);
    caller_enrol(s->rig, s->operator, id, "agency", file);
    struct raw *c = greeted(s, file);
    size_t to = from + STRIKES < len ? from + STRIKES : len;
    for (size_t at = from; at < to; at++)
        raw_send(c, frame, at);
    for (size_t at = from; at < to; at++)
        CHECK_STR(at - from == STRIKES - 1 ? "ERROR limit" : "ERROR malformed", raw_hear(c));
    raw_close(&c);
    return to;
}

TEST(frames_cut_at_every_byte_are_refused_and_counted)
{
    static uint8_t frame[FRAME_IN_MAX];
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");
    size_t len = raw_encode(c, 1,
                            "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", "
                            "\"on\": \"2016-02-28\", \"percent\": 7}",
                            frame);
    int client = 0;

    for (size_t at = 0; at < len; client++)
        at = send_cut_frames(&s, client, frame, at, len);
    raw_send(c, frame, len);
    CHECK_STR("ACK 1", raw_hear(c));
    CHECK_INT(s.operator->seen + 1, c->message.ack.numbers.at[0]);
    raw_close(&c);
    stage_end(&s);
}

TEST(frames_that_are_too_many_too_long_or_unknown_are_refused_with_the_reason)
{
    static uint8_t body[BODY_MAX + 1], frame[FRAME_IN_MAX], long_frame[70000];
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");

    raw_submit_body(c, 1, KIND_PROGRESS, body, sizeof body);
    CHECK_STR("ERROR malformed", raw_hear(c));
    CHECK(strstr(raw_reason(c), "body"));

    size_t len = raw_encode_body(1, KIND_PROGRESS, body, 10, frame);
    raw_send_two(c, frame, len);
    CHECK_STR("ERROR malformed", raw_hear(c));
    CHECK_STR("more than one frame in a message", raw_reason(c));

    raw_send(c, "\x92\xa5HELLA\x80", 8);
    CHECK_STR("ERROR malformed", raw_hear(c));
    CHECK_STR("begins with an unknown command word", raw_reason(c));

    raw_send(c, "\x92\xa4PONG\x80", 7);
    CHECK_STR("ERROR malformed", raw_hear(c));
    CHECK_STR("only the broker says this", raw_reason(c));

    raw_submit(c, 1, PROGRESS);
    CHECK_STR("ACK 1", raw_hear(c));
    raw_send(c, long_frame, sizeof long_frame); /* beyond any frame's length: cut off */
    CHECK_INT(PEER_LOST, peer_wait(c->peer, RIG_PATIENCE));
    caller_must(s.police, PROGRESS);
    raw_close(&c);
    stage_end(&s);
}

/* Whoever has used up the broker's patience is not read, but others are, and
   what was sent meanwhile is not lost: the client is asked to greet anew. */
TEST(frames_that_cannot_be_read_end_the_patience_of_the_broker)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "health.zpl");

    for (int i = 0; i < 2 * STRIKES; i++)
        raw_send(c, "\xc1", 1);
    for (int i = 0; i < STRIKES; i++)
        CHECK_STR(i < STRIKES - 1 ? "ERROR malformed" : "ERROR limit", raw_hear(c));
    raw_submit(c, 1, PROGRESS);
    caller_must(s.police, PROGRESS);
    while (true) { /* patience comes back */
        raw_submit(c, 2, PROGRESS);
        if (peer_wait(c->peer, 100) == PEER_MESSAGE)
            break;
    }
    raw_hello(c);
    CHECK_STR("ERROR hello-first", raw_hear(c));
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1, PROGRESS);
    CHECK_STR("ACK 1", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

/* --- bodies ------------------------------------------------------------------------- */

struct packed {
    msgpack_sbuffer buf;
    msgpack_packer to;
};

static void
pack_text(struct packed *p, const char *text)
{
    msgpack_pack_str_with_body(&p->to, text, strlen(text));
}

/* A progress on a day, and room for one field more. */
static struct packed *
pack_progress(const char *on, unsigned more)
{
    static struct packed p;

    msgpack_sbuffer_clear(&p.buf);
    msgpack_packer_init(&p.to, &p.buf, msgpack_sbuffer_write);
    msgpack_pack_map(&p.to, 2 + more);
    pack_text(&p, "action");
    pack_text(&p, "da-2016/1.1");
    pack_text(&p, "on");
    pack_text(&p, on);
    return &p;
}

static const char *
submit_packed(struct raw *c, int64_t n, const struct packed *p)
{
    raw_submit_body(c, n, KIND_PROGRESS, p->buf.data, p->buf.size);
    return raw_hear(c);
}

static const char *
today_and(struct raw *c, int32_t days)
{
    static char text[DAY_TEXT];

    day_format(c->message.welcome.today + days, text);
    return text;
}

static void
pack_nested(struct packed *p, int depth)
{
    pack_text(p, "evidence");
    for (; depth; depth--)
        msgpack_pack_array(&p->to, 1);
    msgpack_pack_nil(&p->to);
}

TEST(frames_bodies_that_break_a_rule_are_refused_with_field_and_reason)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");
    char tomorrow[DAY_TEXT], next_week[DAY_TEXT];
    struct packed *p;

    (void)snprintf(tomorrow, sizeof tomorrow, "%s", today_and(c, 1));
    (void)snprintf(next_week, sizeof next_week, "%s", today_and(c, 7));

    p = pack_progress("2016-02-28", 1);
    pack_text(p, "percent");
    msgpack_pack_double(&p->to, 7.0);
    CHECK_STR("REFUSED 1 invalid-field percent", submit_packed(c, 1, p));

    p = pack_progress("2016-02-30", 1);
    pack_text(p, "percent");
    msgpack_pack_int(&p->to, 7);
    CHECK_STR("REFUSED 2 invalid-field on", submit_packed(c, 2, p));

    p = pack_progress(next_week, 1);
    pack_text(p, "percent");
    msgpack_pack_int(&p->to, 7);
    CHECK_STR("REFUSED 3 day on", submit_packed(c, 3, p));

    p = pack_progress("2016-02-28", 1);
    pack_text(p, "on");
    pack_text(p, "2016-02-27");
    CHECK_STR("REFUSED 4 malformed", submit_packed(c, 4, p));

    p = pack_progress("2016-02-28", 1);
    pack_nested(p, 9);
    CHECK_STR("REFUSED 5 malformed", submit_packed(c, 5, p));

    p = pack_progress("2016-02-28", 0);
    p->buf.data[0] = (char)0x83; /* says three and holds two */
    CHECK_STR("REFUSED 6 malformed", submit_packed(c, 6, p));

    p = pack_progress(tomorrow, 1); /* that is today, where the agent's clock is ahead */
    pack_text(p, "percent");
    msgpack_pack_int(&p->to, 7);
    CHECK_STR("ACK 7", submit_packed(c, 7, p));

    CHECK_STR("", raw_hear_all(c));
    raw_close(&c);
    stage_end(&s);
}

/* A field's name is a text of the sender's too: the sender is told, and nothing
   of it is kept. */
TEST(frames_unknown_fields_are_ignored_in_a_message_and_refused_by_name_in_a_body)
{
    static const char name[] = "4505577104";
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");
    struct packed *p = pack_progress("2016-02-28", 1);

    pack_text(p, name);
    msgpack_pack_int(&p->to, 7);
    CHECK_STR("REFUSED 1 unknown-field 4505577104", submit_packed(c, 1, p));
    CHECK_STR("REFUSED 1 unknown-field", submit_packed(c, 1, p));

    msgpack_sbuffer_clear(&p->buf);
    msgpack_pack_array(&p->to, 2);
    pack_text(p, "PING");
    msgpack_pack_map(&p->to, 2);
    pack_text(p, "id");
    msgpack_pack_int(&p->to, 5);
    pack_text(p, "colour");
    pack_text(p, "blue");
    raw_send(c, p->buf.data, p->buf.size);
    CHECK_STR("PONG", raw_hear(c));
    CHECK_INT(5, c->message.pong.id);

    raw_close(&c);
    stage_leave(&s);
    stage_stop(&s);
    CHECK_INT(1,
              rig_run(s.rig, "grep -r %s board/journal board/state %s", name, s.rig->broker->log));
    CHECK_STR("", s.rig->output);
    stage_verify(&s);
    stage_close(&s);
}
