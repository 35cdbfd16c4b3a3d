#include "agents/agency/mailboxes.h"

#include <stdio.h>
#include <string.h>

#include "agents/files/whole_file.h"

static void
add(struct mailboxes *m, const char *at, size_t len)
{
    size_t i = m->guard.count;

    if (i == LIST_MAX || len == 0 || len > TITLE_MAX)
        return;
    (void)snprintf(m->text[i], sizeof m->text[i], "%.*s", (int)len, at);
    m->list[i] = m->text[i];
    m->guard.count++;
}

void
mailboxes_load(struct mailboxes *m, const char *dir)
{
    char line[TITLE_MAX + 2];

    m->guard = (struct guard){m->list, 0};
    (void)snprintf(m->path, sizeof m->path, "%s/mailboxes", dir);
    FILE *in = fopen(m->path, "re");
    while (in && fgets(line, sizeof line, in))
        add(m, line, strcspn(line, "\n"));
    if (in)
        (void)fclose(in);
}

static bool
is_known(const struct mailboxes *m, struct texts list)
{
    if (list.count != m->guard.count)
        return false;
    for (uint32_t i = 0; i < list.count; i++)
        if (!text_is(list.at[i], m->text[i]))
            return false;
    return true;
}

int
mailboxes_take(struct mailboxes *m, struct texts list)
{
    static char text[LIST_MAX * (TITLE_MAX + 2)];
    size_t len = 0;

    if (is_known(m, list))
        return 0;
    m->guard.count = 0;
    for (uint32_t i = 0; i < list.count; i++)
        add(m, list.at[i].at, list.at[i].len);
    for (size_t i = 0; i < m->guard.count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s\n", m->text[i]);
    return whole_file_write(m->path, 0640, text, len);
}
