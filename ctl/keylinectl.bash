# SPDX-License-Identifier: MIT
# bash completion of keylinectl: the tool itself knows what can stand here.
_keylinectl()
{
	local candidate
	local words=("${COMP_WORDS[@]:1:COMP_CWORD}")

	COMPREPLY=()
	while IFS= read -r candidate; do
		case $candidate in
		:files)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "${words[-1]}")
			;;
		:directories)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -d -- "${words[-1]}")
			;;
		*)
			COMPREPLY+=("${candidate%%$'\t'*}")
			;;
		esac
	done < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
}
complete -F _keylinectl keylinectl
