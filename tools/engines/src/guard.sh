# Ends a tree of processes and deletes its folder. It starts before the first
# of them and blocks here, reading a pipe that the tool holds. The pipe ends when
# the tool lets go of it or dies, by SIGKILL too: the kernel closes it.
trap '' HUP INT TERM
mark=$1 home=$2
groups=
while read -r group; do groups="$groups $group"; done

# Without /proc (macOS), the process groups that the pipe told have to do.
[ -r /proc/self/stat ] || for group in $groups; do kill -s KILL -- "-$group"; done

# Every process of the tree inherits the mark in its environment. Chromium's
# renderers overwrite theirs, but stay in the process group of a marked one: so
# whoever shares a group with a marked process belongs to the tree.
round=0 left=yes
while [ -n "$left" ] && [ $round -lt 100 ]; do
    for file in $(grep -lsF -e "$mark" /proc/[0-9]*/environ); do
        read -r stat < "${file%environ}stat" || continue
        set -- ${stat##*) } # state, parent, group
        groups="$groups $3"
    done
    left=
    for file in /proc/[0-9]*/stat; do
        read -r stat < "$file" || continue
        set -- ${stat##*) }
        [ "$1" != Z ] || continue
        case " $groups " in *" $3 "*) ;; *) continue ;; esac
        left=yes signal=KILL
        # A screen that is killed leaves its lock behind. It gets a second to end by itself.
        case $stat in *"(Xvfb)"*) [ $round -ge 40 ] || signal=TERM ;; esac
        kill -s $signal "${stat%% *}"
    done
    [ -z "$left" ] || sleep 0.02
    round=$((round + 1))
done
rm -rf -- "$home"
