#include "schema/guard.h"

#include <stdint.h>
#include <string.h>

#include "schema/guard_forms.h"
#include "schema/plain.h"

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
find_address(const struct guard *guard, const struct text *t, const char *at, struct run *found)
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

/* All that is looked for holds a digit or an "@". So one pass over the bytes
   looks for those, eight at once, and only there is anything looked at more
   closely. Every look is bounded, so that no text costs more than its length.
   The arithmetic stays within each byte because plain text has seven bits. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static bool
holds_digit_or_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    uint64_t digits = (word + EACH(0x80 - '0')) & ~(word + EACH(0x80 - '9' - 1));
    uint64_t others = (word ^ EACH('@')) + EACH(0x7f);
    return ((digits | ~others) & EACH(0x80)) != 0;
}

static const char *
next_digit_or_at(const char *p, const char *end)
{
    while (end - p >= 8 && !holds_digit_or_at(p))
        p += 8;
    while (p < end && !char_is_digit(*p) && *p != '@')
        p++;
    return p;
}

/* Says what the number that begins with `first` is, or NULL. */
static const char *
name_number(const struct text *t, struct run first, bool names_birth, struct run *found)
{
    if (guard_find_nhs_number(t, first, found))
        return "an NHS number";
    if (guard_find_insurance_number(t, first, found))
        return "a National Insurance number";
    if (guard_find_phone_number(t, first, found))
        return "a UK phone number";
    if (names_birth && guard_find_date_of_birth(t, first, found))
        return "a date of birth";
    return NULL;
}

/* Says what is found first, or NULL. */
static const char *
search(const struct guard *guard, const struct text *t, struct run *found)
{
    const char *at = next_digit_or_at(t->begin, t->end);
    const char *what = NULL;
    bool names_birth = at < t->end && guard_names_birth(t);

    for (; at < t->end && !what; at = next_digit_or_at(at, t->end)) {
        if (*at == '@') {
            if (find_address(guard, t, at, found))
                what = "an e-mail address";
            at++;
            continue;
        }
        struct run first = run_from(t, at);
        struct run line;
        if (guard_is_helpline(t, first, &line)) {
            at = line.end;
        } else {
            what = name_number(t, first, names_birth, found);
            at = first.end;
        }
    }
    return what;
}

static bool
check_plain(const struct guard *guard, const char *text, size_t len, struct guard_find *find)
{
    struct text t = {text, text + len};
    struct run found;
    const char *what = search(guard, &t, &found);
    if (what)
        *find = (struct guard_find){what, (size_t)(found.at - text) + 1};
    return !what;
}

/* On its own, so that plain texts don't pay for the room. */
__attribute__((noinline)) static bool
check_typed(const struct guard *guard, const char *text, size_t len, struct guard_find *find)
{
    char plain[GUARD_TEXT * PLAIN_GROWTH];

    if (len > GUARD_TEXT) {
        *find = (struct guard_find){"more text than can be searched", GUARD_TEXT + 1};
        return false;
    }
    if (check_plain(guard, plain, plain_from(text, len, plain), find))
        return true;
    find->position = plain_origin(text, len, find->position - 1) + 1;
    return false;
}

bool
guard_check_text(const struct guard *guard, const char *text, size_t len, struct guard_find *find)
{
    return plain_is(text, len) ? check_plain(guard, text, len, find)
                               : check_typed(guard, text, len, find);
}

bool
guard_refuse(struct fault *fault, const char *field, const struct guard_find *find)
{
    return fault_set(fault, FAULT_PERSONAL_DATA, field, "looks as if it held %s, at byte %zu",
                     find->what, find->position);
}
