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
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$1" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)" -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(
    compgen -d -- "$current"
    compgen -f -X '!*.@(js|cjs|mjs|ts|cts|mts|json)' -- "$current"
    ((COMP_CWORD == 1)) && compgen -W 'init ps stats sess close dump capture top help' -- "$current"
  )
  compopt -o filenames
}
complete -F _sluice sluice
