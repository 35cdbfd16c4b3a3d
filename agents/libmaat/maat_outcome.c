/* Texts of what went wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agents/libmaat/maat_inside.h"
#include "version.h"

const char *
maat_version(void)
{
    return MAAT_VERSION " (" VERSION ")";
}

/* The session's outcome of each, and of what it does not have text and exit code. */
enum maat_outcome
inside_outcome(enum client_outcome outcome)
{
    switch (outcome) {
    case CLIENT_DONE: return MAAT_DONE;
    case CLIENT_ABSENT: return MAAT_ABSENT;
    case CLIENT_REFUSED: return MAAT_REFUSED;
    case CLIENT_UNREACHABLE: return MAAT_UNREACHABLE;
    case CLIENT_UNKNOWN_KEY: return MAAT_UNKNOWN_KEY;
    case CLIENT_STRANGER: return MAAT_STRANGER;
    case CLIENT_STOPPED: return MAAT_STOPPED;
    case CLIENT_MACHINE:
    case CLIENT_OUTCOME_COUNT: break;
    }
    return MAAT_MACHINE;
}

static const struct {
    int exit_code;
    const char *text;
} outcomes_said[] = {
    [MAAT_DONE] = {0, "done"},
    [MAAT_ABSENT] = {1, "there is none such, or this client may not see it"},
    [MAAT_REFUSED] = {1, "the broker refused the question"},
    [MAAT_WRONG] = {2, "what was given is wrong"},
    [MAAT_UNREACHABLE] = {3, "the broker can't be reached"},
    [MAAT_UNKNOWN_KEY] = {3, "the broker does not know this key, or it was revoked"},
    [MAAT_STRANGER] = {3, "what answers there is not the broker of this key file"},
    [MAAT_STOPPED] = {3, "the broker will not speak with this client"},
    [MAAT_MACHINE] = {4, "the outbox can't be read or written"},
};

const char *
maat_outcome_text(enum maat_outcome outcome)
{
    return outcomes_said[outcome].text;
}

int
maat_exit_code(enum maat_outcome outcome)
{
    return outcomes_said[outcome].exit_code;
}

const char *
maat_error_text(int error)
{
    return outbox_error_text(error);
}

bool
maat_error_is_full(int error)
{
    return outbox_is_full(error);
}

void
inside_tell(struct maat_fault *why, const struct fault *fault)
{
    if (!why)
        return;
    (void)snprintf(why->code, sizeof why->code, "%s", word_text(&fault_codes, (int)fault->code));
    (void)snprintf(why->field, sizeof why->field, "%s", fault->field);
    (void)snprintf(why->reason, sizeof why->reason, "%s", fault->reason);
}

void
inside_say(struct maat_fault *why, const char *code, const char *format, ...)
{
    va_list args;

    if (!why)
        return;
    *why = (struct maat_fault){{0}, {0}, {0}};
    (void)snprintf(why->code, sizeof why->code, "%s", code);
    va_start(args, format);
    (void)vsnprintf(why->reason, sizeof why->reason, format, args);
    va_end(args);
}

int64_t
inside_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
