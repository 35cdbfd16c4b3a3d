/* Whatever is found is within the text; a character of no width, put anywhere
   between two others, hides nothing, invents nothing, and moves what it is
   before by its own width. The first two bytes say where it is put. */
#include "schema/guard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const mailboxes[] = {"a@b.cd"};
    static const struct guard guard = {mailboxes, 1};
    static const char nothing[] = "\xe2\x80\x8b";
    enum { WIDTH = sizeof nothing - 1 };
    struct guard_find find = {"", 0};
    struct guard_find wider_find = {"", 0};

    if (len < 2 || len - 2 > GUARD_TEXT - WIDTH)
        return 0;
    const char *text = (const char *)data + 2;
    size_t text_len = len - 2;
    size_t at = (data[0] * 256u + data[1]) % (text_len + 1);
    while (at < text_len && (text[at] & 0xc0) == 0x80)
        at++;

    bool clean = guard_check_text(&guard, text, text_len, &find);
    if (!clean && (find.position < 1 || find.position > text_len))
        abort();

    char *wider = malloc(text_len + WIDTH);
    if (!wider)
        return 0;
    memcpy(wider, text, at);
    memcpy(wider + at, nothing, WIDTH);
    memcpy(wider + at + WIDTH, text + at, text_len - at);
    if (guard_check_text(&guard, wider, text_len + WIDTH, &wider_find) != clean)
        abort();
    if (!clean
        && (strcmp(find.what, wider_find.what) != 0
            || wider_find.position != find.position + (find.position > at ? WIDTH : 0)))
        abort();
    free(wider);
    return 0;
}
