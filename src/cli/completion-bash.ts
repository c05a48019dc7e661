/**
 * The completion script for bash. The one that the package has cuts names at their blanks, and an
 * account at its @. It needs nothing but bash: a plain installation has no bash-completion.
 */
export const BASH_SCRIPT = String.raw`# bash completion for breakglass
__breakglass_complete() {
    local cur word value out words=() rest=${"$"}{COMP_LINE:0:COMP_POINT}
    # Bash takes a word apart at its = : and @; what no blank stands before belongs to the word before.
    for word in "${"$"}{COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        if [[ $rest == [[:blank:]]* || ${"$"}{#words[@]} -eq 0 ]]; then
            words+=("")
            rest=${"$"}{rest#"${"$"}{rest%%[![:blank:]]*}"}
        fi
        [[ ${"$"}{#rest} -lt ${"$"}{#word} ]] && word=$rest
        words[${"$"}{#words[@]}-1]+=$word
        rest=${"$"}{rest#"$word"}
    done
    cur=${"$"}{words[${"$"}{#words[@]}-1]}

    # The words as the program would get them, without their quotes; nothing of them is run.
    local typed=()
    for word in "${"$"}{words[@]:1}"; do
        word=${"$"}{word//[\\\"\']/}
        typed+=("$word")
    done
    out=$(breakglass complete -- "${"$"}{typed[@]}" 2>/dev/null)

    # What bash takes for the word, and puts another in the place of: not all of it, if it has such a sign.
    local before=""
    [[ $cur != [\"\']* && $cur == *"$2" ]] && before=${"$"}{cur%"$2"}

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
