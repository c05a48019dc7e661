/**
 * The completion script for zsh. The one that the package has cuts what was typed at its blanks, and
 * puts names with blanks in without quotes.
 */
export const ZSH_SCRIPT = String.raw`#compdef breakglass
# zsh completion for breakglass
_breakglass() {
    local line value
    local -a offers folders

    # The words as the program would get them, without their quotes; nothing of them is run.
    for line in "${"$"}{(@f)$(breakglass complete -- "${"$"}{(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        # The last line is no value: it tells a shell how to show them.
        [[ -z $line || $line == :* ]] && continue
        value=${"$"}{line%%$'\t'*}
        if [[ $value == */ ]]; then
            folders+=("${"$"}{value//:/\\:}")
        else
            offers+=("${"$"}{value//:/\\:}:${"$"}{${"$"}{line#"$value"}#$'\t'}")
        fi
    done
    (( $#folders )) && _describe -t folders 'folder' folders -S ''
    (( $#offers )) && _describe -t offers 'breakglass' offers
}
compdef _breakglass breakglass
`;
