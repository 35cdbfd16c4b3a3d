/* What is read of an HTTP answer lies within it: a status of three digits, and the
   content to the end of what was heard. */
#include <stdlib.h>

#include "schema/wire/monitor_ask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct text heard = {(const char *)data, (uint32_t)len};
    struct text body;
    unsigned status;

    if (!monitor_read_answer(heard, &status, &body))
        return 0;
    if (status > 999 || body.at < heard.at || body.at + body.len != heard.at + heard.len)
        abort();
    return 0;
}
