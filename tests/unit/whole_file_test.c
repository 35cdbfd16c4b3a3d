#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/files/whole_file.h"
#include "tests/scratch.h"
#include "tests/t.h"

static const char *
text_of_file(const char *path)
{
    static char text[100];
    int fd = open(path, O_RDONLY);

    CHECK(fd >= 0);
    ssize_t len = read(fd, text, sizeof text - 1);
    CHECK(len >= 0);
    text[len] = '\0';
    (void)close(fd);
    return text;
}

/* Also where one that was killed has left its temporary file, or somebody planted a link. */
TEST(whole_file_is_written_through_no_link)
{
    char path[300], next[310], other[310];
    struct scratch s;
    struct stat status;

    scratch_make(&s);
    (void)snprintf(path, sizeof path, "%s/note", s.path);
    (void)snprintf(next, sizeof next, "%s.tmp", path);
    (void)snprintf(other, sizeof other, "%s.other", path);
    CHECK_INT(0, whole_file_write(other, 0600, "precious", 8));
    CHECK_INT(0, symlink(other, next));
    CHECK_INT(0, whole_file_write(path, 0640, "one", 3));
    CHECK_STR("precious", text_of_file(other));
    CHECK_STR("one", text_of_file(path));
    CHECK_INT(0, lstat(path, &status));
    CHECK(S_ISREG(status.st_mode));

    CHECK_INT(0, link(other, next));
    CHECK_INT(0, whole_file_write(path, 0640, "two", 3));
    CHECK_STR("precious", text_of_file(other));
    CHECK_STR("two", text_of_file(path));
    scratch_remove(&s);
}
