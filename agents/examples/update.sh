#!/bin/sh
# An agency's system in shell, beside its maat-agent: says how an action stands, waits for the board's verdict, and
# shows what is left to do. The agent has the key, and keeps what it is told until the broker has it; a program needs
# no more than agents/agency/SOCKET.md: lines of JSON into a socket, lines of JSON out. Needs socat and jq.
#
#     update.sh /run/maat/agent.sock da-2016/1.1 in-progress "Second course held"
#
# Exit codes: 0 accepted, 1 refused, 2 usage, 3 no agent there, or no verdict yet, 4 the agent can't take it now.
set -u

if [ $# -lt 3 ] || [ $# -gt 4 ]; then
    echo "usage: update.sh SOCKET PLAN/REF STATUS [NOTE]" >&2
    exit 2
fi
socket=$1

# One line to the agent, one back. socat stays for the answer, up to 60 seconds; what the agent has taken stays taken.
ask() {
    printf '%s\n' "$1" | socat -t 60 STDIO "UNIX-CONNECT:$socket" || exit 3
}

# jq makes the line, so that whatever is in a note arrives as it is. "wait" asks for the broker's verdict: without it
# the answer comes as soon as the update is safe on this host's disk.
said=$(jq -nc --arg action "$2" --arg status "$3" --arg note "${4-}" \
    '{kind: "progress", $action, $status, wait: true} + if $note == "" then {} else {$note} end') || exit 4
answer=$(ask "$said") || exit 3

# {"queued": n, "accepted": number}, {"refused": ...} with n or without, {"queued": n} alone, or {"later": why}.
printf '%s\n' "$answer" | jq -r '
    if .accepted then "accepted as entry \(.accepted)"
    elif .refused then "refused: \(.refused.field): \(.refused.reason)"
    elif .queued then "kept as n \(.queued); the broker has not answered yet"
    else "not taken: \(.later // "the agent did not answer")" end'
verdict=$(printf '%s\n' "$answer" | jq -r 'if .accepted then 0 elif .refused then 1 elif .queued then 3 else 4 end')

# What is queued, and what the broker refused and nobody has dealt with: a person looks at these, and then says
# {"ask": "seen", "which": ["17"]}, or {"ask": "retry", ...} to queue one again as it is.
ask '{"ask":"status"}' | jq -r '.status | "\(.queued) queued, \(.refused) refused, \(.connection)"'
ask '{"ask":"refused"}' | jq -r '.list[] | "  \(.which): \(.field): \(.reason)"'
exit "${verdict:-4}"
