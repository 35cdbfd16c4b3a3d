/* Texts of what went wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "version.h"

const char *
maat_version(void)
{
    return MAAT_VERSION " (" VERSION ")";
}

/* Each is one of the session's, but MAAT_WRONG: that never gets so far. */
static const enum client_outcome of_session[] = {
    [MAAT_DONE] = CLIENT_DONE,
    [MAAT_ABSENT] = CLIENT_ABSENT,
    [MAAT_REFUSED] = CLIENT_REFUSED,
    [MAAT_WRONG] = CLIENT_OUTCOME_COUNT,
    [MAAT_UNREACHABLE] = CLIENT_UNREACHABLE,
    [MAAT_UNKNOWN_KEY] = CLIENT_UNKNOWN_KEY,
    [MAAT_STRANGER] = CLIENT_STRANGER,
    [MAAT_STOPPED] = CLIENT_STOPPED,
    [MAAT_MACHINE] = CLIENT_MACHINE,
};

enum { WRONG_EXIT_CODE = 2 };

enum maat_outcome
inside_outcome(enum client_outcome outcome)
{
    enum maat_outcome out = MAAT_DONE;

    while (of_session[out] != outcome)
        out++;
    return out;
}

const char *
maat_outcome_text(enum maat_outcome outcome)
{
    return outcome == MAAT_WRONG ? "what was given is wrong"
                                 : client_outcome_text(of_session[outcome]);
}

int
maat_exit_code(enum maat_outcome outcome)
{
    return outcome == MAAT_WRONG ? WRONG_EXIT_CODE : client_exit_code(of_session[outcome]);
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

bool
maat_error_is_lasting(int error)
{
    return outbox_is_lasting(error);
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
