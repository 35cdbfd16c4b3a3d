#include "schema/submission_line.h"

#include "schema/days.h"
#include "schema/json_inside.h"

/* --- reading -------------------------------------------------------------------- */

/* -1: it names none. */
static int
kind_of(const json_t *object)
{
    const json_t *word = json_object_get(object, "kind");
    int kind = json_is_string(word)
                   ? word_find(&submission_kinds, json_string_value(word), json_string_length(word))
                   : -1;
    return kind >= 0 && body_records[kind] ? kind : -1;
}

static bool
take_kind(json_t *object, enum submission_kind *kind, struct fault *fault)
{
    int found = kind_of(object);

    if (!json_object_get(object, "kind"))
        return fault_set(fault, FAULT_FIELD_MISSING, "kind",
                         "is missing: \"progress\", \"action\" ...");
    if (found < 0)
        return fault_set(fault, FAULT_FIELD_INVALID, "kind", "is not a kind of submission");
    *kind = (enum submission_kind)found;
    json_object_del(object, "kind");
    return true;
}

static bool
take_wait(json_t *object, bool *wait, struct fault *fault)
{
    const json_t *flag = json_object_get(object, "wait");

    if (flag && !json_is_boolean(flag))
        return fault_set(fault, FAULT_FIELD_INVALID, "wait", "must be true or false");
    *wait = json_is_true(flag);
    json_object_del(object, "wait");
    return true;
}

/* The object is used up; NULL is one that could not be loaded. */
static bool
take_submission(struct arena *arena, struct submission_line *out, json_t *object,
                struct fault *fault)
{
    bool ok = object && take_kind(object, &out->kind, fault) && take_wait(object, &out->wait, fault)
              && record_of_object(arena, body_records[out->kind], &out->body, object, fault);

    json_decref(object);
    return ok;
}

bool
submission_from_json(struct arena *arena, struct submission_line *out, const char *text, size_t len,
                     struct fault *fault)
{
    out->unseen = false;
    return take_submission(arena, out, object_of_text(text, len, fault), fault);
}

static const struct record *
record_of_kind(const json_t *object)
{
    int kind = kind_of(object);
    return kind < 0 ? NULL : body_records[kind];
}

static void
stamp_day(json_t *object, int32_t day)
{
    char text[DAY_TEXT];

    if (record_of_kind(object) != &progress_record || json_object_get(object, "on"))
        return;
    day_format(day, text);
    json_object_set_new(object, "on", json_string(text));
}

bool
submission_from_json_on(struct arena *arena, int32_t day, struct submission_line *out,
                        const char *text, size_t len, struct fault *fault)
{
    json_t *object = object_of_text(text, len, fault);

    out->unseen = false;
    stamp_day(object, day);
    return take_submission(arena, out, object, fault);
}

/* True if there was neither, and both are needed. */
static bool
stamp_seen(json_t *object)
{
    if (!record_field(record_of_kind(object), text_of("seen")) || json_object_get(object, "seen")
        || json_object_get(object, "epoch"))
        return false;
    json_object_set_new(object, "seen", json_integer(0));
    json_object_set_new(object, "epoch", json_integer(0));
    return true;
}

bool
submission_from_json_unseen(struct arena *arena, int32_t day, struct submission_line *out,
                            const char *text, size_t len, struct fault *fault)
{
    json_t *object = object_of_text(text, len, fault);

    out->unseen = stamp_seen(object);
    stamp_day(object, day);
    return take_submission(arena, out, object, fault);
}

/* --- writing -------------------------------------------------------------------- */

struct text
submission_to_json(struct arena *arena, enum submission_kind kind, const union body *body)
{
    json_t *object = json_object();
    json_t *fields = object_of_record(body_records[kind], body);

    json_object_set_new(object, "kind", json_string(word_text(&submission_kinds, (int)kind)));
    json_object_update(object, fields);
    json_decref(fields);
    return text_of_object(arena, object);
}
