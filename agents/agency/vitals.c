#include "agents/agency/vitals.h"

/* clang-format off */
#define AT(member) .offset = offsetof(struct agent_vitals, member)
#define COUNTER .type = METRIC_COUNTER
#define GAUGE .type = METRIC_GAUGE
#define SECONDS .unit = IN_MICROSECONDS

#define AS_WORD(symbol, text, doc) text,
static const char *const states[] = {LINK_STATES(AS_WORD)};

static const char *const codes[] = {FAULT_CODES(AS_WORD)};

static const struct metric list[] = {
    {"maat_agent_build_info", "Which program this is.",
     .type = METRIC_INFO, AT(version), .label = "version"},
    {"maat_agent_start_time_seconds", "When it was started, as a UNIX time.", GAUGE, SECONDS, AT(started)},
    {"maat_agent_clock_seconds", "The time by the clock of its host, as a UNIX time.", GAUGE, SECONDS, AT(host)},
    {"maat_agent_clock_ahead_seconds", "How far that was ahead of the broker's clock when the broker last let it in; 0 if it has not.", GAUGE, SECONDS, AT(clock_ahead)},

    {"maat_agent_queued_total", "Submissions that were queued since the start.", COUNTER, AT(queued)},
    {"maat_agent_rejected_total", "Submissions that the agent itself has refused, and not queued, since the start, by the reason.", COUNTER, AT(rejected),
     .label = "code", .words = codes, .word_count = FAULT_CODE_COUNT},
    {"maat_agent_accepted_total", "Submissions that the broker has accepted since the start.", COUNTER, AT(accepted)},
    {"maat_agent_refused_total", "Submissions that the broker has refused since the start.", COUNTER, AT(refused)},
    {"maat_agent_waiting_submissions", "Submissions for which there is no verdict of the broker.", GAUGE, AT(waiting)},
    {"maat_agent_oldest_waiting_seconds", "For how long the oldest of them has waited; 0 if none does.", GAUGE, SECONDS, AT(oldest_age)},
    {"maat_agent_undealt_refusals", "Refusals of the broker that no person has dealt with.", GAUGE, AT(undealt)},
    {"maat_agent_connection_state", "1 for the state that the connection to the broker is in.", GAUGE, AT(link),
     .label = "state", .words = states, .word_count = LINK_STATE_COUNT},

    {"maat_agent_key_shared", "1 if another program works by the same key, with an outbox of its own.", GAUGE, AT(shared)},

    {"maat_agent_spool_files", "Files that wait in the spool.", GAUGE, AT(spool_files)},
    {"maat_agent_callers", "Callers at the socket.", GAUGE, AT(callers)},
    {"maat_agent_outbox_full", "1 if there is no room for the outbox, and nothing is taken.", GAUGE, AT(full)},
    {"maat_agent_outbox_bytes", "Size of the outbox's file.", GAUGE, AT(outbox_bytes)},
    {"maat_agent_disk_free_bytes", "Free space on the disk that it is on.", GAUGE, AT(disk_free)},
};
/* clang-format on */

const struct metrics agent_metrics = {list, sizeof list / sizeof *list};

const char *
agent_vitals_trouble(const struct agent_vitals *v)
{
    bool stopped = v->link[LINK_STOPPED] != 0;

    if (v->read_only)
        return "the outbox's disk is mounted read-only";
    if (v->full || v->disk_free < AGENT_DISK_LEAST)
        return "the outbox's disk is full: nothing is taken until there is room";
    if (stopped)
        return "the link to the broker has stopped, and a person must look: see maat-agent status";
    return NULL;
}
