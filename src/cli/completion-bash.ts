/**
 * The completion script for bash. The one that the package has cuts names at their blanks, and an
 * account at its @.
 */
export const BASH_SCRIPT = String.raw`# bash completion for breakglass
__breakglass_complete() {
    local cur words cword word value out
    _get_comp_words_by_ref -n "=:@" cur words cword

    # The words as the program would get them, without their quotes; nothing of them is run.
    local typed=()
    for word in "${"$"}{words[@]:1:cword}"; do
        word=${"$"}{word//[\\\"\']/}
        typed+=("$word")
    done
    out=$(breakglass complete -- "${"$"}{typed[@]}" 2>/dev/null)

    # Bash takes what is before the last of these signs for another word.
    local before=""
    [[ $cur == *[=:@]* && $cur != [\"\']* ]] && before=${"$"}{cur%"${"$"}{cur##*[=:@]}"}

    COMPREPLY=()
    while IFS= read -r value; do
        # The last line is no value: it tells a shell how to show them.
        [[ $value == :* || -z $value ]] && continue
        value=${"$"}{value%%$'\t'*}
        [[ $cur == [\"\']* ]] || printf -v value '%q' "$value"
        COMPREPLY+=("${"$"}{value#"$before"}")
    done <<<"$out"
    if [[ ${"$"}{#COMPREPLY[@]} -eq 1 && ${"$"}{COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F __breakglass_complete breakglass
`;
