#include "tests/stage.h"

#include "tests/t.h"

static void
add_agencies(struct caller *operator)
{
    caller_must(operator, "{'kind': 'agency', 'id': 'police', 'name': 'Police', "
                          "'sector': 'police', 'seen': 0, 'epoch': 0}");
    caller_must(operator, "{'kind': 'agency', 'id': 'health', 'name': 'Health', "
                          "'sector': 'health', 'seen': 0, 'epoch': 0}");
}

static void
add_plan(struct caller *lead, const char *id, const char *members, const char *ref,
         const char *leads)
{
    caller_must(lead,
                "{'kind': 'plan', 'id': '%s', 'title': 'A plan', 'type': 'action-plan', "
                "'marking': 'OFFICIAL', 'members': %s, 'seen': 0, 'epoch': 0}",
                id, members);
    caller_must(lead,
                "{'kind': 'action', 'id': '%s/%s', 'ref': '%s', 'title': 'Support victims', "
                "'leads': %s, 'seen': 0, 'epoch': 0}",
                id, ref, ref, leads);
}

/* The first lead is there since the founding: it confirms the second. */
static void
add_second_lead(struct stage *s)
{
    caller_enrol(s->rig, s->operator, "board/chair", "lead", "chair.zpl");
    s->lead->seen = s->operator->seen;
    caller_must(s->lead, "{'kind': 'client', 'id': 'board/chair', 'confirm': true, 'seen': SEEN}");
}

struct stage
stage_build(struct rig *r)
{
    struct stage s = {.rig = r};

    s.operator= caller_open(r, "board/operator.zpl");
    s.lead = caller_open(r, "board/lead.zpl");
    add_agencies(s.operator);
    caller_enrol(r, s.operator, "police/crm", "agency", "police.zpl");
    caller_enrol(r, s.operator, "health/ehr", "agency", "health.zpl");
    add_second_lead(&s);
    add_plan(s.lead, "da-2016", "'all'", "1.1", "['police', 'health']");
    add_plan(s.lead, "sealed", "[]", "1", "[]");
    s.police = caller_open(r, "police.zpl");
    return s;
}

struct stage
stage_open(const char *const more[])
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, more);
    return stage_build(r);
}

void
stage_leave(struct stage *s)
{
    if (s->operator)
        caller_close(&s->operator);
    if (s->lead)
        caller_close(&s->lead);
    if (s->police)
        caller_close(&s->police);
}

void
stage_close(struct stage *s)
{
    stage_leave(s);
    rig_close(s->rig);
    s->rig = NULL;
}

void
stage_stop(struct stage *s)
{
    rig_signal(s->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(s->rig->broker));
}

void
stage_verify(struct stage *s)
{
    if (rig_run(s->rig, "maat-broker verify board") != 0)
        FAIL_WITH("not clean: %s", s->rig->output);
}

void
stage_end(struct stage *s)
{
    stage_leave(s);
    stage_stop(s);
    stage_verify(s);
    rig_close(s->rig);
    s->rig = NULL;
}
