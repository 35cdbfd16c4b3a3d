/* What the agent tells of itself: each number under its own name, and when all is well. */
#include "agents/agency/vitals.h"

#include "tests/scraped.h"
#include "tests/t.h"

static struct agent_vitals
healthy(void)
{
    static struct agent_vitals v;

    v = (struct agent_vitals){.version = "1", .disk_free = AGENT_DISK_LEAST};
    v.link[LINK_OPEN] = 1;
    return v;
}

TEST(agent_vitals_are_told_each_by_its_own_name)
{
    enum { SECOND = 1000000 };
    struct agent_vitals v = healthy();
    const struct scraped_row rows[] = {
        {"maat_agent_start_time_seconds", &v.started, SECOND},
        {"maat_agent_clock_seconds", &v.host, SECOND},
        {"maat_agent_clock_ahead_seconds", &v.clock_ahead, SECOND},
        {"maat_agent_queued_total", &v.queued, 1},
        {"maat_agent_rejected_total{code=\"malformed\"}", &v.rejected[FAULT_MALFORMED], 1},
        {"maat_agent_rejected_total{code=\"limit\"}", &v.rejected[FAULT_LIMIT], 1},
        {"maat_agent_accepted_total", &v.accepted, 1},
        {"maat_agent_refused_total", &v.refused, 1},
        {"maat_agent_waiting_submissions", &v.waiting, 1},
        {"maat_agent_oldest_waiting_seconds", &v.oldest_age, SECOND},
        {"maat_agent_undealt_refusals", &v.undealt, 1},
        {"maat_agent_connection_state{state=\"down\"}", &v.link[LINK_DOWN], 1},
        {"maat_agent_connection_state{state=\"stopped\"}", &v.link[LINK_STOPPED], 1},
        {"maat_agent_key_shared", &v.shared, 1},
        {"maat_agent_spool_files", &v.spool_files, 1},
        {"maat_agent_callers", &v.callers, 1},
        {"maat_agent_outbox_full", &v.full, 1},
        {"maat_agent_outbox_bytes", &v.outbox_bytes, 1},
        {"maat_agent_disk_free_bytes", &v.disk_free, 1},
    };

    scraped_check_table(&agent_metrics, &v, rows, sizeof rows / sizeof *rows);
}

TEST(agent_vitals_are_well_while_what_is_handed_in_is_kept_and_brought)
{
    struct agent_vitals v = healthy();

    CHECK(!agent_vitals_trouble(&v));
    v.link[LINK_OPEN] = 0;
    v.link[LINK_DOWN] = 1; /* it is kept, and brought later */
    CHECK(!agent_vitals_trouble(&v));
    v.full = 1;
    CHECK(strstr(agent_vitals_trouble(&v), "disk is full"));
    v = healthy();
    v.disk_free--; /* before the first update finds out */
    CHECK(strstr(agent_vitals_trouble(&v), "disk is full"));
    v = healthy();
    v.read_only = true;
    CHECK(strstr(agent_vitals_trouble(&v), "read-only"));
    v = healthy();
    v.link[LINK_OPEN] = 0;
    v.link[LINK_STOPPED] = 1;
    CHECK(strstr(agent_vitals_trouble(&v), "a person must look"));
}
