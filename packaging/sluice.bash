# Completion of the sluice command for bash.
_sluice() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word
  case $previous in
    -e | --eval | -p | --print) return ;;
    --input-type)
      mapfile -t COMPREPLY < <(compgen -W 'commonjs module' -- "$current")
      return
      ;;
  esac
  # What follows the program's name is the program's.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == *.@(js|cjs|mjs|ts|cts|mts) ]] && {
      compopt -o default
      return
    }
  done
  # After a command, the options are those of its own help.
  local commands='init sim ps stats sess close dump capture top' help=("$1" --help)
  if ((COMP_CWORD > 1)) && [[ " $commands " == *" ${COMP_WORDS[1]} "* ]]; then
    help=("$1" "${COMP_WORDS[1]}" --help)
  elif [[ $current == --@(allow|deny)-* ]]; then
    local scopes=(listen connect fs.read fs.write env run task signal dns capture control inspect)
    mapfile -t COMPREPLY < <(compgen -W "${scopes[*]/#/--allow-} ${scopes[*]/#/--deny-}" -- "$current")
    compopt -o nospace
    return
  fi
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("${help[@]}" 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)" -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(
    compgen -d -- "$current"
    compgen -f -X '!*.@(js|cjs|mjs|ts|cts|mts|json)' -- "$current"
    ((COMP_CWORD == 1)) && compgen -W "$commands help" -- "$current"
  )
  compopt -o filenames
}
complete -F _sluice sluice
