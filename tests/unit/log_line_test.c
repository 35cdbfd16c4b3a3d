#include "schema/log_line.h"

#include "tests/t.h"

static const struct log_event happened = {"it-happened", EVENT_NOTICE, "It did.", ""};
static char room[LOG_LINE];

static const char *
said(const struct log_line *line)
{
    struct text whole = log_line_text(line, room);
    CHECK_INT('\n', room[whole.len - 1]);
    room[whole.len - 1] = '\0';
    return room;
}

TEST(log_line_says_event_and_values)
{
    struct log_line line = log_line_of(&happened);

    CHECK_STR("event=it-happened", said(&line));
    log_word(&line, "client", "police/crm");
    log_number(&line, "n", -7);
    log_text(&line, "left-out", text_of(""));
    CHECK_STR("event=it-happened client=police/crm n=-7 left-out=\"\"", said(&line));
}

TEST(log_line_is_one_line_whatever_is_in_it)
{
    struct log_line line = log_line_of(&happened);

    log_word(&line, "reason", "no \"room\"\n\\ event=forged \x7f");
    CHECK_STR("event=it-happened reason=\"no \\\"room\\\"\\x0a\\\\ event=forged \\x7f\"",
              said(&line));
    log_text(&line, "nul", (struct text){"a\0b", 3});
    CHECK(strstr(said(&line), "nul=\"a\\x00b\""));
    line = log_line_of(&happened);
    log_word(&line, "file", "r\xe9sum\xe9");
    log_word(&line, "other", "r\xc3\xa9sum\xc3\xa9");
    CHECK_STR("event=it-happened file=\"r\\xe9sum\\xe9\" other=\"r\xc3\xa9sum\xc3\xa9\"",
              said(&line));
}

TEST(log_line_leaves_out_what_does_not_fit)
{
    static char long_value[LOG_VALUES];
    struct log_line line = log_line_of(&happened);

    memset(long_value, '\n', sizeof long_value);
    log_text(&line, "longer", (struct text){long_value, LOG_VALUES});
    CHECK_INT(0, line.count);
    log_text(&line, "long", (struct text){long_value, LOG_VALUES - 1});
    CHECK_INT(1, line.count);
    log_word(&line, "more", "");
    CHECK_INT(1, line.count);
    CHECK_INT(strlen("event=it-happened long=\"\"") + (size_t)4 * (LOG_VALUES - 1),
              strlen(said(&line)));

    line = log_line_of(&happened);
    for (int i = 0; i < LOG_FIELDS + 1; i++)
        log_word(&line, "field", "x");
    CHECK_INT(LOG_FIELDS, line.count);
}
