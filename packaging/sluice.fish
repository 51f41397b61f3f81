# Completion of the sluice command for fish.
function __sluice_options
    sluice --help 2>/dev/null | string match -ra -- '--[a-z][a-z-]+' | sort -u
end

# What follows the program's name is the program's.
function __sluice_before_program
    not string match -qr '\.[cm]?[jt]s$' -- (commandline -opc)
end

set -l scopes listen connect fs.read fs.write env run task signal dns capture control inspect
complete -c sluice -n __sluice_before_program -a '(__sluice_options)' -f
complete -c sluice -n __sluice_before_program -l input-type -x -a 'commonjs module'
complete -c sluice -n __sluice_before_program -s e -l eval -x
complete -c sluice -n __sluice_before_program -s p -l print -x
complete -c sluice -n __sluice_before_program -s r -l require -r
for scope in $scopes
    complete -c sluice -n __sluice_before_program -a "--allow-$scope --deny-$scope"
end
complete -c sluice -n __fish_use_subcommand -a 'init sim ps stats sess close dump capture top help'
