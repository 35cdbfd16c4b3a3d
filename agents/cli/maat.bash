# bash completion of maat, maat-agent and maat-broker. Commands and options come from
# the program's own tables (--manual completion); plans, actions, agencies and clients
# from the board, as the key on the line or in MAAT_CONFIG may see them.

# Commands: words, what they take, options; asked once a shell.
_maat_table() {
    local table=_maat_table_of_${1//[!a-z]/_}
    [ -n "${!table-}" ] || printf -v "$table" '%s' "$("$1" --manual completion 2>/dev/null)"
    printf '%s\n' "${!table}"
}

# Said before names of files, which have to be quoted as they are put into the line.
_maat_files=$'\t'

# The first column of one of the board's lists. $asking is the program with the key.
_maat_list() {
    "${asking[@]}" "$@" --csv 2>/dev/null </dev/null | sed -n '2,$s/^"\?\([^",]*\).*/\1/p'
}

# What may stand for a word that a command takes, or for the value of an option.
_maat_values() {
    case $1 in
    PLAN/REF | --action) _maat_list status ;;
    PLAN | --plan) _maat_list plan list ;;
    AGENCY | --agency | --on-behalf-of | --lead | --contributor | --members | --succeeded-by) _maat_list agency list ;;
    AGENCY/NAME | CLIENT | --client) _maat_list client list ;;
    WHAT) "${asking[0]}" decide '?' '?' 2>&1 </dev/null | sed -n 's/^  \([a-z-]*\) .*/\1/p' ;;
    EVENT) "${asking[0]}" explain 2>/dev/null </dev/null | sed -n 's/^\([a-z-]*\) (.*/\1/p' ;;
    FILE* | NEWFILE | DIR | FROM | TO | -c | --config | --key | --keys | --agent | --socket | --spool | --outbox | --refused | --folder | --state | --scratch)
        echo "$_maat_files"
        compgen -f -- "$2"
        ;;
    esac
}

# What is typed before the cursor: $given are its words without options, $asking is the
# program with the key that is named.
_maat_read() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -c | --config | --board) asking+=("${COMP_WORDS[i]}" "${COMP_WORDS[++i]}") ;;
        --*) _maat_takes_value "${COMP_WORDS[i]}" && i=$((i + 1)) ;;
        *) given+=("${COMP_WORDS[i]}") ;;
        esac
    done
}

_maat_takes_value() {
    local table
    table=$(_maat_table "${asking[0]}")
    [[ ${table//[$'\t\n']/ } == *" $1="* ]]
}

# The longest command that was given: $command, with what it $takes and its $options.
_maat_find() {
    local name argument option
    while IFS='|' read -r name argument option; do
        [ "$name" = '*' ] && options+=" $option"
        [[ "${given[*]} " == "$name "* && ${#name} -gt ${#command} ]] || continue
        command=$name takes=$argument options=$option
    done < <(_maat_table "${asking[0]}" | sed 's/|/,/g; y/\t/|/')
}

# The words that may come at the cursor, a line each, whatever it begins with.
_maat_offer() {
    local words place option
    for option in $options; do
        [ "${option%%=*}" = "$2" ] && [ "$option" != "$2" ] || continue
        case $option in
        *,*) tr , '\n' <<<"${option#*=}" ;;
        *) _maat_values "$2" "$1" ;;
        esac
        return
    done
    if [ "$2" = -c ]; then
        _maat_values -c "$1"
    elif [ "${1:0:1}" = - ]; then
        printf '%s\n' $options --help | sed 's/=.*//'
    elif [ -z "$command" ]; then
        words=${given[*]:+${given[*]} }
        _maat_table "${asking[0]}" | cut -f 1 | while read -r option; do
            [[ $option != '*' && $option == "$words"* ]] && option=${option#"$words"} && printf '%s\n' "${option%% *}"
        done | sort -u
    else
        read -ra words <<<"$command"
        place=$((${#given[@]} - ${#words[@]}))
        read -ra words <<<"$takes"
        [ "${#words[@]}" -gt 0 ] || return
        [ "$place" -lt "${#words[@]}" ] || place=$((${#words[@]} - 1)) # the last is repeated
        for option in ${words[place]//,/ }; do
            _maat_values "${option%...}" "$1"
        done
    fi
}

# compgen -W would run what a file's name holds: what is offered is compared here.
_maat() {
    local command='' takes='' options='' line begins=$2 asking=("$1" --timeout 2) given=()
    _maat_read
    _maat_find
    COMPREPLY=()
    while IFS= read -r line; do
        if [ "$line" = "$_maat_files" ]; then
            compopt -o filenames 2>/dev/null # readline quotes them, where it is that asks
            begins=                          # which compgen has seen to, and without quotes
        elif [[ -n $line && $line == "$begins"* ]]; then
            COMPREPLY+=("$line")
        fi
    done < <(_maat_offer "$2" "$3")
}

complete -F _maat maat maat-agent maat-broker
