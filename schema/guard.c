#include "schema/guard.h"

#include <string.h>

#include "schema/guard_forms.h"
#include "schema/plain.h"
#include "schema/survey.h"

static bool
is_mailbox(const struct guard *guard, struct run address)
{
    for (size_t i = 0; i < guard->count; i++) {
        const char *mailbox = guard->mailboxes[i];
        size_t same = 0;
        while (same < run_len(address) && char_lower(mailbox[same]) == char_lower(address.at[same]))
            same++;
        if (same == run_len(address) && !mailbox[same])
            return true;
    }
    return false;
}

static bool
find_address(const struct guard *guard, const struct plain_text *t, const char *at,
             struct run *found)
{
    struct run name = {at, at};
    struct run domain = {at + 1, at + 1};

    while (name.at > t->begin
           && (char_is_letter(name.at[-1]) || char_is_digit(name.at[-1])
               || char_is_one_of(name.at[-1], ".-_+%&")))
        name.at--;
    while (name.at < name.end && char_is_one_of(*name.at, ".-+%&"))
        name.at++;
    while (domain.end < t->end
           && (char_is_letter(*domain.end) || char_is_digit(*domain.end)
               || char_is_one_of(*domain.end, ".-")))
        domain.end++;
    while (domain.end > domain.at && char_is_one_of(domain.end[-1], ".-"))
        domain.end--;
    struct run top = {domain.end, domain.end};
    while (top.at > domain.at && char_is_letter(top.at[-1]))
        top.at--;
    *found = (struct run){name.at, domain.end};
    bool in_domain = top.at - domain.at >= 2 && top.at[-1] == '.' && run_len(top) >= 2;
    return name.at < name.end && in_domain && !is_mailbox(guard, *found);
}

/* All that is looked for holds a digit or an "@"; and how many digits there are says
   what can't be there, which in most texts is anything at all. */
enum { DIGITS_OF_BIRTH = 3, DIGITS_OF_INSURANCE = 6, DIGITS_OF_OTHERS = 10 };

static const char *
next_digit_or_at(const char *p, const char *end)
{
    while (p < end && !char_is_digit(*p) && *p != '@')
        p++;
    return p;
}

struct search {
    const struct guard *guard;
    struct plain_text text;
    bool names_birth; /* a word says that a date may be one of birth */
    struct run found;
};

/* How many digits may belong to the number that begins there; more than any number has are
   not counted. */
static int
digits_joined(const struct plain_text *t, const char *at)
{
    int count = 0;

    for (; at < t->end && count < DIGITS_OF_OTHERS; at++)
        if (char_is_digit(*at))
            count++;
        else if (!char_is_one_of(*at, guard_separators))
            break;
    return count;
}

/* Says what begins with the digits `first`, or NULL. *next is where the search goes on:
   parts of a helpline can look like other things. */
static const char *
look_at_digits(struct search *s, struct run first, const char **next)
{
    const struct plain_text *t = &s->text;
    const int digits = digits_joined(t, first.at);
    enum guard_line line = GUARD_NO_LINE;
    struct run phone = first;

    *next = first.end;
    if (digits >= DIGITS_OF_OTHERS)
        line = guard_find_line(t, first, &phone);
    if (line == GUARD_HELPLINE) {
        *next = phone.end;
        return NULL;
    }
    if (digits >= DIGITS_OF_OTHERS && guard_find_nhs_number(t, first, &s->found))
        return "an NHS number";
    if (digits >= DIGITS_OF_INSURANCE && guard_find_insurance_number(t, first, &s->found))
        return "a National Insurance number";
    if (line == GUARD_PRIVATE_LINE) {
        s->found = phone;
        return "a UK phone number";
    }
    return s->names_birth && guard_find_date_of_birth(t, first, &s->found) ? "a date of birth"
                                                                           : NULL;
}

/* Says what comes first, or NULL. Every look is bounded, so that no text costs more than
   its length. */
static const char *
search(struct search *s)
{
    const struct plain_text *t = &s->text;
    const char *what = NULL;
    const char *at = t->begin;

    while (!what && (at = next_digit_or_at(at, t->end)) < t->end) {
        if (*at == '@') {
            if (find_address(s->guard, t, at, &s->found))
                what = "an e-mail address";
            at++;
            continue;
        }
        what = look_at_digits(s, run_from(t, at), &at);
    }
    return what;
}

static bool
check_plain(const struct guard *guard, const char *text, size_t len, const struct survey *seen,
            struct guard_find *find)
{
    struct search s = {.guard = guard, .text = {text, text + len}};

    s.names_birth = seen->digits >= DIGITS_OF_BIRTH && guard_names_birth(&s.text);
    if (!s.names_birth && !seen->at && seen->digits < DIGITS_OF_INSURANCE)
        return true;
    const char *what = search(&s);
    if (what)
        *find = (struct guard_find){what, (size_t)(s.found.at - text) + 1};
    return !what;
}

/* On its own, so that plain texts don't pay for the room. */
__attribute__((noinline)) static bool
check_typed(const struct guard *guard, const char *text, size_t len, struct guard_find *find)
{
    char plain[GUARD_TEXT * PLAIN_GROWTH];
    struct survey seen;

    if (len > GUARD_TEXT) {
        *find = (struct guard_find){"more text than can be searched", GUARD_TEXT + 1};
        return false;
    }
    size_t plain_len = plain_from(text, len, plain);
    survey_text(plain, plain_len, &seen);
    if (check_plain(guard, plain, plain_len, &seen, find))
        return true;
    find->position = plain_origin(text, len, find->position - 1) + 1;
    return false;
}

bool
guard_check_text(const struct guard *guard, const char *text, size_t len, struct guard_find *find)
{
    struct survey seen;

    survey_text(text, len, &seen);
    return seen.plain || plain_is(text, len) ? check_plain(guard, text, len, &seen, find)
                                             : check_typed(guard, text, len, find);
}

bool
guard_refuse(struct fault *fault, const char *field, const struct guard_find *find)
{
    return fault_set(fault, FAULT_PERSONAL_DATA, field, "looks as if it held %s, at byte %zu",
                     find->what, find->position);
}
