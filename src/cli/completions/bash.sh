# Completes kadry in bash 4 and later. Load it with: source <(kadry completions bash)
_FUNCTION_complete() {
    local program="${1/#\~/$HOME}" index=-1 reply i
    local words=() IFS=$' \t\n'
    # Bash splits words at `=` and `:`; join them again for kadry.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        local word="${COMP_WORDS[i]}"
        if ((index >= 0)) && { [[ "$word" == [=:]* ]] || [[ "${words[index]}" == *[=:] && "$word" != --* ]]; }; then
            words[index]+="$word"
        else
            words+=("$word")
            ((index++))
        fi
    done
    local current="${words[index]}" quote=""
    case "$current" in
    \'* | \"*)
        quote="${current:0:1}"
        current="${current:1}"
        ;;
    *) current="${current//\\/}" ;;
    esac
    words[index]="$current"
    local before=""
    if [[ -z "$quote" && "$COMP_WORDBREAKS" == *=* && "$current" == *[=:]* ]]; then
        before="${current%"${current##*[=:]}"}"
    fi
    COMPREPLY=()
    while IFS= read -r reply || [[ -n "$reply" ]]; do
        [[ -z "$reply" ]] && continue
        reply="${reply#"$before"}"
        [[ -z "$quote" && "$reply" == *[!A-Za-z0-9_./=,:+@%-]* ]] && printf -v reply '%q' "$reply"
        COMPREPLY+=("$reply")
    done < <(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX="$index" VARIABLE=bash "$program" -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -gt 0 && "${COMPREPLY[0]}" == *[=/:,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o nosort -F _FUNCTION_complete PROGRAM 2>/dev/null || complete -F _FUNCTION_complete PROGRAM
