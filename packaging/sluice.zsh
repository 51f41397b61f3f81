#compdef sluice
# Completion of the sluice command for zsh.
_sluice() {
  local scope
  local -a options commands=(init sim ps stats sess close dump capture top)
  case $words[CURRENT-1] in
    -e | --eval | -p | --print) return ;;
    --input-type) compadd commonjs module; return ;;
  esac
  # What follows the program's name is the program's.
  if (( ${words[2,CURRENT-1][(I)*.(js|cjs|mjs|ts|cts|mts)]} )); then
    _files
    return
  fi
  # After a command, the options are those of its own help.
  if (( CURRENT > 2 && ${commands[(Ie)$words[2]]} )) && [[ $words[CURRENT] == -* ]]; then
    compadd -- ${(u)${(f)"$($words[1] $words[2] --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+')"}}
    return
  fi
  if [[ $words[CURRENT] == -* ]]; then
    options=(${(u)${(f)"$($words[1] --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+')"}})
    for scope in listen connect fs.read fs.write env run task signal dns capture control inspect; do
      options+=(--allow-$scope --deny-$scope)
    done
    compadd -- $options
    return
  fi
  (( CURRENT == 2 )) && compadd $commands help
  _files -g '*.(js|cjs|mjs|ts|cts|mts|json)'
}
_sluice "$@"
