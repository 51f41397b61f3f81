# Completion of the sluice command for fish.
set -g __sluice_commands init sim ps stats sess close dump capture top

# After a command, the options are those of its own help.
function __sluice_options
    set -l words (commandline -opc)
    set -l command
    contains -- "$words[2]" $__sluice_commands; and set command $words[2]
    sluice $command --help 2>/dev/null | string match -ra -- '--[a-z][a-z-]+' | sort -u
end

# What follows the program's name is the program's.
function __sluice_before_program
    not string match -qr '\.[cm]?[jt]s$' -- (commandline -opc)
end

function __sluice_without_command
    __sluice_before_program; and not __fish_seen_subcommand_from $__sluice_commands
end

set -l scopes listen connect fs.read fs.write env run task signal dns capture control inspect
complete -c sluice -n __sluice_before_program -a '(__sluice_options)' -f
complete -c sluice -n __sluice_without_command -l input-type -x -a 'commonjs module'
complete -c sluice -n __sluice_without_command -s e -l eval -x
complete -c sluice -n __sluice_without_command -s p -l print -x
complete -c sluice -n __sluice_without_command -s r -l require -r
for scope in $scopes
    complete -c sluice -n __sluice_without_command -a "--allow-$scope --deny-$scope"
end
complete -c sluice -n __fish_use_subcommand -a "$__sluice_commands help"
