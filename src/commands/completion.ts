/** The shells we know. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell runs to complete our words. Each asks `tsinternals complete` for `word TAB description`
 * lines, so lessons and options of another version need no new script; the word `/` stands for files.
 */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  // bash(1), "Programmable Completion": $1 is the command as typed, $2 the word so far.
  bash: `_tsinternals() {
	local word
	COMPREPLY=()
	while IFS=$'\\t' read -r word _; do
		if [[ $word == / ]]; then
			compopt -o filenames
			while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$2")
		else
			COMPREPLY+=("$word")
		fi
	done < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _tsinternals tsinternals
`,
  // zshcompsys(1); sourced, or as a file _tsinternals in $fpath.
  zsh: `#compdef tsinternals
_tsinternals() {
	local line
	local -a found
	for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		if [[ $line == / ]]; then
			_files
		elif [[ -n $line ]]; then
			found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
		fi
	done
	(( $#found )) && _describe tsinternals found
}
if [[ \${funcstack[1]} == _tsinternals ]]; then _tsinternals "$@"; else compdef _tsinternals tsinternals; fi
`,
  // complete(1) of fish.
  fish: `function __tsinternals_complete
	set -l words (commandline -opc)
	for line in ($words[1] complete -- $words[2..] (commandline -ct) 2>/dev/null)
		if test "$line" = /
			__fish_complete_path (commandline -ct)
		else
			echo $line
		end
	end
end
complete -c tsinternals -f -k -a '(__tsinternals_complete)'
`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
