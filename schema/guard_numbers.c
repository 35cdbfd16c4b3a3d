/* The numbers that the guard knows, solid or in groups. */
#include <string.h>

#include "schema/guard_forms.h"

struct number {
    char digits[15];
    size_t count;
    struct run last; /* the group that it ends with */
};

static const char separators[] = " .-_+\t\r\n";
const char guard_separators[] = " .-_+\t\r\n()";

static bool
number_add(struct number *n, struct run group)
{
    size_t len = run_len(group);
    if (!run_is_digits(group) || len > sizeof n->digits - n->count)
        return false;
    memcpy(n->digits + n->count, group.at, len);
    n->count += len;
    n->last = group;
    return true;
}

static bool
number_add_next(struct number *n, const struct plain_text *t, const char *by)
{
    struct run next = run_after(t, n->last);
    return run_is_joined(n->last, next, by) && number_add(n, next);
}

/* True if the letters beside it make it part of a longer word, as in "A1234";
   not if those before it only say what it is, as in "NHS1234". */
static bool
is_in_a_word(const struct plain_text *t, struct run first, struct run last)
{
    static const char *const labels[] = {"nhs", "nhsno", "no", "tel", "phone", "mob", "mobile"};

    if (last.end < t->end && char_is_letter(*last.end))
        return true;
    return first.at > t->begin && char_is_letter(first.at[-1])
           && !RUN_IS_ONE_OF(run_before(t, first), labels);
}

/* "ISBN 0...", "ISBN-13: 978-0...": an ISBN of ten digits passes the check of an
   NHS number, for it is the same. */
static bool
is_isbn(const struct plain_text *t, struct run first)
{
    static const char *const names[] = {"isbn", "isbns"};
    static const char *const between[] = {"10", "13", "978", "979", "no", "number"};

    for (struct run run = run_before(t, first);; run = run_before(t, run)) {
        if (RUN_IS_ONE_OF(run, names))
            return true;
        if (!RUN_IS_ONE_OF(run, between))
            return false;
    }
}

/* NHS Data Model and Dictionary, "NHS NUMBER": the weights go down from 10, and
   the tenth digit makes the sum a multiple of 11. */
static bool
is_modulus_11(const struct number *n)
{
    int sum = n->digits[9] - '0';
    for (int i = 0; i < 9; i++)
        sum += (n->digits[i] - '0') * (10 - i);
    return sum % 11 == 0;
}

/* Solid, or as 3-3-4. */
bool
guard_find_nhs_number(const struct plain_text *t, struct run first, struct run *found)
{
    struct number n = {.count = 0};
    bool solid = run_len(first) == 10;

    if ((!solid && run_len(first) != 3) || !number_add(&n, first))
        return false;
    if (!solid
        && (!number_add_next(&n, t, separators) || n.count != 6
            || !number_add_next(&n, t, separators)))
        return false;
    if (n.count != 10 || !is_modulus_11(&n) || is_in_a_word(t, first, n.last))
        return false;
    bool fraction = solid && first.at - t->begin >= 2 && first.at[-1] == '.'
                    && char_is_digit(first.at[-2]);   /* 33.3333333333 */
    bool helpline = memcmp(n.digits, "0800", 4) == 0; /* and the 00th is no day of birth: CHI */
    found->at = first.at;
    return !fraction && !helpline && !is_isbn(t, first);
}

/* HMRC, National Insurance Manual, NIM39110: "D, F, I, Q, U and V are not used
   as either the first or second letter of a prefix. The letter O is not used as
   the second", and the seven below not at all. QQ is the prefix of the manual's
   own example, with which people will try whether the guard works. */
static bool
is_insurance_prefix(struct run prefix)
{
    static const char *const unused[] = {"bg", "gb", "kn", "nk", "nt", "tn", "zz"};

    if (run_len(prefix) != 2)
        return false;
    if (run_is(prefix, "qq"))
        return true;
    return char_is_one_of(char_lower(prefix.at[0]), "abceghjklmnoprstwxyz")
           && char_is_one_of(char_lower(prefix.at[1]), "abceghjklmnprstwxyz")
           && !RUN_IS_ONE_OF(prefix, unused);
}

/* AB 12 34 56 C, its six digits in any groups; `first` is the first of them. */
bool
guard_find_insurance_number(const struct plain_text *t, struct run first, struct run *found)
{
    struct number n = {.count = 0};
    struct run prefix = run_before(t, first);

    if (!is_insurance_prefix(prefix) || !run_is_joined(prefix, first, separators)
        || !number_add(&n, first))
        return false;
    while (n.count < 6)
        if (!number_add_next(&n, t, separators))
            return false;
    struct run suffix = run_after(t, n.last);
    if (n.count != 6 || run_len(suffix) != 1 || !run_is_joined(n.last, suffix, separators)
        || !char_is_one_of(char_lower(*suffix.at), "abcd"))
        return false;
    bool article = *suffix.at == 'a' && suffix.at > n.last.end; /* "on 311216 a review" */
    bool longer = (prefix.at > t->begin && char_is_digit(prefix.at[-1]))
                  || (suffix.end < t->end && char_is_digit(*suffix.end));
    found->at = prefix.at;
    return !article && !longer;
}

/* Ofcom, National Telephone Numbering Plan: after the 0 or +44 come ten digits,
   or nine for some of 01; the first is 1 or 2 for places, 5, 7, 8, 9 for mobiles
   and services. Helplines are in 03 and 080, or too short to be taken for a
   number: 0800 1111, 101, 116 123. */
static enum guard_line
line_of(const struct number *n, bool plus, size_t first_len)
{
    const char *digits = n->digits;
    const char *end = digits + n->count;
    bool abroad = plus || (n->count > 4 && memcmp(digits, "0044", 4) == 0);

    if (!abroad && first_len < 3) /* an area code is longer: this is a day, 01-02-2016 */
        return GUARD_NO_LINE;
    digits += plus ? 2 : abroad ? 4 : 1;
    if (abroad && digits < end && *digits == '0') /* +44 (0)151 */
        digits++;
    bool short_area = abroad || (first_len >= 5 && first_len < n->count); /* 01744 12345 */
    if (end - digits == 9 && *digits == '1' && short_area)
        return GUARD_PRIVATE_LINE;
    if (end - digits != 10)
        return GUARD_NO_LINE;
    if (*digits == '3' || memcmp(digits, "80", 2) == 0)
        return GUARD_HELPLINE;
    return char_is_one_of(*digits, "125789") ? GUARD_PRIVATE_LINE : GUARD_NO_LINE;
}

static enum guard_line
read_groups(const struct plain_text *t, struct run first, bool plus, struct run *line)
{
    struct number n = {.count = 0};

    for (bool more = number_add(&n, first); more; more = number_add_next(&n, t, guard_separators)) {
        enum guard_line kind = line_of(&n, plus, run_len(first));
        if (kind != GUARD_NO_LINE && !is_in_a_word(t, first, n.last) && !is_isbn(t, first)) {
            *line = (struct run){plus ? first.at - 1 : first.at, n.last.end};
            return kind;
        }
    }
    return GUARD_NO_LINE;
}

enum guard_line
guard_find_line(const struct plain_text *t, struct run first, struct run *found)
{
    bool plus = first.at > t->begin && first.at[-1] == '+' && run_len(first) >= 2
                && memcmp(first.at, "44", 2) == 0;
    return plus || *first.at == '0' ? read_groups(t, first, plus, found) : GUARD_NO_LINE;
}
