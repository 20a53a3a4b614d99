#compdef PROGRAM
# Completes kadry in zsh. Load it after compinit with: source <(kadry completions zsh)
function _FUNCTION_complete() {
    local candidate
    local -a unfinished=() finished=()
    for candidate in "${(@f)$( \
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) VARIABLE=zsh PROGRAM -- "${words[@]}" 2>/dev/null \
    )}"; do
        # Add no space after a key, which needs a value, or a folder.
        case "${candidate%%:*}" in
        '') ;;
        *[=/]) unfinished+=("$candidate") ;;
        *) finished+=("$candidate") ;;
        esac
    done
    (($#unfinished)) && _describe -V 'values' unfinished -S ''
    (($#finished)) && _describe -V 'values' finished
}
compdef _FUNCTION_complete PROGRAM
