/* What is refused for what it says, at the real broker: the rights of clients,
   views that have changed, the gate, persons' data. */
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

static struct raw *
greeted(struct stage *s, const char *key_file)
{
    struct raw *c = raw_open(s->rig, key_file, key_file[0]);

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    return c;
}

/* --- rights ---------------------------------------------------------------------------- */

TEST(refusals_of_another_agencys_part_and_of_a_lead_that_does_not_say_for_whom)
{
    struct stage s = stage_open(NULL);
    struct raw *police = greeted(&s, "police.zpl");
    struct raw *lead = greeted(&s, "board/lead.zpl");

    raw_submit(police, 1,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
               "'agency': 'health', 'percent': 7}");
    CHECK_STR("REFUSED 1 not-permitted agency", raw_hear(police));
    raw_submit(lead, 1,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}");
    CHECK_STR("REFUSED 1 missing-field agency", raw_hear(lead));
    raw_submit(lead, 2,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
               "'agency': 'health', 'percent': 7, 'reported': 'by telephone'}");
    CHECK_STR("ACK 2", raw_hear(lead));
    raw_submit(police, 2,
               "{'kind': 'action', 'id': 'da-2016/2', 'ref': '2', 'title': 'More', "
               "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    CHECK_STR("REFUSED 2 not-permitted", raw_hear(police));
    raw_close(&lead);
    raw_close(&police);
    stage_end(&s);
}

/* To the byte, but for the numbers. */
TEST(refusals_of_what_may_not_be_seen_are_those_of_what_is_not_there)
{
    static const char *const actions[] = {"sealed/1", "secret/1"};
    static uint8_t first[FRAME_OUT_MAX];
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");

    for (int i = 0; i < 2; i++) {
        raw_submit(c, i + 1,
                   "{'kind': 'progress', 'action': '%s', 'on': '2016-02-28', 'percent': 7}",
                   actions[i]);
        CHECK_STR(i ? "REFUSED 2 not-found action" : "REFUSED 1 not-found action", raw_hear(c));
        size_t n_at = 0;
        for (size_t at = 0; at < c->len; at++)
            if (i && c->frame[at] != first[at])
                n_at++;
        CHECK_INT(i ? 2 : 0, n_at); /* n, and the journal's number */
        memcpy(first, c->frame, c->len);
    }
    CHECK_STR("not-found", caller_ask(s.police, "{'id': 1, 'what': 'show', 'action': 'sealed/1'}"));
    CHECK_STR("not-found", caller_ask(s.police, "{'id': 2, 'what': 'show', 'action': 'secret/1'}"));
    CHECK(strstr(caller_ask(s.lead, "{'id': 3, 'what': 'show', 'action': 'sealed/1'}"),
                 "\"id\":\"sealed/1\""));
    raw_close(&c);
    stage_end(&s);
}

/* --- views ------------------------------------------------------------------------------- */

static const char amend[] = "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': '%s', "
                            "'leads': ['police', 'health'], 'seen': SEEN}";

TEST(refusals_of_two_leads_that_amend_the_same_action)
{
    struct stage s = stage_open(NULL);
    struct caller *chair = caller_open(s.rig, "chair.zpl");
    const char *show = "{'id': 1, 'what': 'show', 'action': 'da-2016/1.1'}";
    char changed[40];

    (void)caller_ask(s.lead, "%s", show);
    (void)caller_ask(chair, "%s", show);
    caller_must(s.lead, amend, "By the lead");
    (void)snprintf(changed, sizeof changed, "%" PRId64, s.lead->seen);
    CHECK_STR("stale seen", caller_say(chair, amend, "By the chair"));

    struct raw *c = greeted(&s, "chair.zpl");
    raw_submit(c, 1,
               "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': 'Raw', "
               "'leads': ['police', 'health'], 'seen': 1, 'epoch': 0}");
    CHECK_STR("REFUSED 1 stale seen", raw_hear(c));
    if (!strstr(raw_reason(c), changed))
        FAIL_WITH("does not say what changed: %s", raw_reason(c));
    raw_close(&c);

    CHECK(strstr(caller_ask(chair, "%s", show), "By the lead"));
    caller_must(chair, amend, "By the chair");
    caller_close(&chair);
    stage_end(&s);
}

TEST(refusals_of_an_assurance_without_evidence)
{
    static const char assure[] =
        "{'kind': 'decision', 'action': 'da-2016/1.1', 'what': 'assure', 'seen': SEEN%s}";
    struct stage s = stage_open(NULL);

    caller_must(s.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': "
                          "'2016-02-28', 'status': 'claimed-complete'}");
    (void)caller_ask(s.lead, "{'id': 1, 'what': 'show', 'action': 'da-2016/1.1'}");
    CHECK(strncmp("gate", caller_say(s.lead, assure, ""), 4) == 0);
    CHECK(strncmp("gate", caller_say(s.lead, assure, ", 'reason': 'it was seen'"), 4) == 0);
    caller_must(s.lead, assure, ", 'override': true, 'reason': 'it was seen'");
    stage_end(&s);
}

/* --- persons' data --------------------------------------------------------------------------- */

struct text_row {
    const char *text;
    int position; /* of what is found, from 1; 0: it may pass */
};

/* Numbers as published for trying, or kept for fiction. */
/* clang-format off */
static const struct text_row rows[] = {
    {"Referred: 943 476 5919 to the team", 11},
    {"943.476.5919", 1},
    {"NHS \xef\xbc\x99\xef\xbc\x94\xef\xbc\x93\xef\xbc\x94\xef\xbc\x97\xef\xbc\x96\xef\xbc\x95\xef\xbc\x99\xef\xbc\x91\xef\xbc\x99", 5},
    {"943\xe2\x80\x8b" "476\xe2\x80\x8b" "5919", 1},
    {"see https://ehr.example/p/9434765919?x=1", 27},
    {"NI AB123456C noted", 4},
    {"mother born 3.4.2010", 13},
    {"call 07700 900123", 6},
    {"ask jane@example.com", 5},
    {"Childline 0800 1111, police 101, NHS 116 117, office 0300 123 4567", 0},
    {"ISBN 978-0-11-341000-1, case MBC/2016/0042", 0},
    {"seen on 3.4.2010 at 10:15, reviewed 2016-02-28", 0},
    {"write to board.office@lscb.example", 0},
};
/* clang-format on */

TEST(refusals_of_persons_data_in_any_text_which_is_never_kept)
{
    static const char *const more[] = {"--mailboxes", "board.office@lscb.example", NULL};
    static const char *const secrets[] = {"943 476 5919",    "943.476.5919", "9434765919",
                                          "AB123456C",       "3.4.2010\"",   "07700 900123",
                                          "jane@example.com"};
    struct stage s = stage_open(more);
    struct raw *police = greeted(&s, "police.zpl");
    struct raw *lead = greeted(&s, "board/lead.zpl");
    char position[24];
    int64_t n = 1;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, n++) {
        raw_submit(
            police, n,
            "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'note': '%s'}",
            rows[i].text);
        const char *said = raw_hear(police);
        if (!rows[i].position != !strncmp("ACK", said, 3))
            FAIL_WITH("%s: %s", rows[i].text, said);
        if (!rows[i].position)
            continue;
        CHECK(strstr(said, "personal-data note"));
        (void)snprintf(position, sizeof position, "%d", rows[i].position);
        if (!strstr(raw_reason(police), position))
            FAIL_WITH("%s: %s", rows[i].text, raw_reason(police));
    }
    raw_submit(
        lead, 1,
        "{'kind': 'action', 'id': 'da-2016/9434765919', 'ref': '9434765919', 'title': 'More', "
        "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    CHECK_STR("REFUSED 1 personal-data id", raw_hear(lead));
    raw_submit(lead, 2,
               "{'kind': 'decision', 'action': 'da-2016/1.1', 'what': 'note', 'body': "
               "'AB123456C', 'reason': 'asked', 'seen': 0, 'epoch': 0}");
    CHECK_STR("REFUSED 2 personal-data body", raw_hear(lead));
    raw_submit(police, n,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'evidence': "
               "{'title': 'x', 'kind': 'audit', 'held': 'jane@example.com'}}");
    CHECK(strstr(raw_hear(police), "personal-data evidence.held"));
    raw_close(&lead);
    raw_close(&police);
    stage_leave(&s);
    stage_stop(&s);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        CHECK_INT(1, rig_run(s.rig, "grep -rF '%s' board %s", secrets[i], s.rig->broker->log));
        CHECK_STR("", s.rig->output);
    }
    stage_verify(&s);
    stage_close(&s);
}

/* --- too many ------------------------------------------------------------------------ */

/* Whoever goes on being refused is put off, each time for longer; nobody else is. */
TEST(refusals_without_end_are_put_off_for_longer_and_longer)
{
    enum { MOST = 200 };
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "health.zpl");
    int64_t waits[3];
    int64_t n = 1;

    for (; n <= MOST; n++) {
        raw_submit(c, n,
                   "{'kind': 'progress', 'action': 'none/1', 'on': '2016-02-28', 'percent': 7}");
        CHECK(strncmp("REFUSED", raw_hear(c), 7) == 0);
    }
    for (int wait = 0; wait < 3; wait++, n++) {
        waits[wait] = 0;
        for (;;) {
            raw_submit(
                c, n, "{'kind': 'progress', 'action': 'none/1', 'on': '2016-02-28', 'percent': 7}");
            if (strncmp("REFUSED", raw_hear(c), 7) == 0)
                break;
            CHECK_INT(SAY_RETRY, c->kind);
            CHECK_INT(n, c->message.retry.n);
            if (!waits[wait])
                waits[wait] = c->message.retry.after_ms;
            (void)peer_wait(c->peer, 100);
        }
        CHECK(waits[wait] > 0 && (!wait || waits[wait] > waits[wait - 1]));
        caller_must(s.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': "
                              "'2016-02-28', 'percent': 7}");
    }
    raw_close(&c);
    stage_end(&s);
}

/* --- the log ------------------------------------------------------------------------- */

TEST(refusals_and_all_else_are_logged_by_event_without_texts_or_keys)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");
    char key[CURVE_TEXT + 1];
    struct identity id;

    raw_submit(c, 1,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
               "'note': 'zebra crossing', 'status': 'declined'}");
    raw_submit(c, 2,
               "{'kind': 'progress', 'action': 'none/1', 'on': '2016-02-28', "
               "'note': 'zebra crossing'}");
    raw_submit(c, 1,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
               "'note': 'zebra'}");
    raw_send(c, "zebra", 5);
    CHECK_STR("ACK 1, REFUSED 2 not-found action, ERROR forked, ERROR malformed", raw_hear_all(c));
    raw_close(&c);
    stage_leave(&s);
    stage_stop(&s);
    const char *log = s.rig->broker->log;
    CHECK_INT(0, rig_run(s.rig, "grep -c '^event=session-opened client=police/crm' %s", log));
    CHECK_INT(0, rig_run(s.rig, "grep '^event=client-refused client=police/crm n=2 ' %s", log));
    CHECK_INT(0, rig_run(s.rig, "grep '^event=outbox-forked client=police/crm n=1' %s", log));
    CHECK_INT(0, rig_run(s.rig, "grep '^event=frame-unreadable client=police/crm' %s", log));
    CHECK_INT(0, rig_run(s.rig, "grep '^event=stopping' %s", log));
    CHECK_INT(
        1, rig_run(s.rig, "grep -vE '^event=[a-z-]+( [a-z_-]+=(\"[^\"]*\"|[^ \"]+))*$' %s", log));
    CHECK_STR("", s.rig->output);
    CHECK_INT(1, rig_run(s.rig, "grep -i zebra %s", log));
    caller_identity(s.rig, "police.zpl", &id);
    curve_print(id.public, key);
    rig_write(s.rig, "key", key);
    CHECK_INT(1, rig_run(s.rig, "grep -F -f key %s", log));
    stage_close(&s);
}
