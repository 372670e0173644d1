#!/bin/sh
# PostgreSQL's log: kept piece by piece while the house lives, handed back when it is restored.
#
#   wal.sh keep FOLDER PATH NAME          archive_command: '… keep FOLDER %p %f'
#   wal.sh fetch NAME PATH FOLDER …       restore_command: '… fetch %f %p FOLDER …'
#
# A piece is written beside its place, brought to the disk, and only then given its name: a crash
# leaves the whole piece or none. The same piece may come twice; another one under its name may not.
set -eu

keep() {
    folder=$1 path=$2 name=$3
    kept=$folder/$name.gz
    if [ -e "$kept" ]; then
        if gzip -dc "$kept" | cmp -s - "$path"; then exit 0; fi
        echo "another $name is kept in $folder already" >&2
        exit 1
    fi
    fresh=$folder/.$name.fresh
    gzip -1 -n -c "$path" > "$fresh"
    sync "$fresh"
    ln "$fresh" "$kept"
    rm "$fresh"
    sync "$folder"
}

# Nothing of that name ends the recovery (1). A broken piece stops it (254): what comes after would
# be missing, and nobody would know.
fetch() {
    name=$1 path=$2
    shift 2
    for folder in "$@"; do
        if [ -e "$folder/$name.gz" ]; then
            gzip -dc "$folder/$name.gz" > "$path" && exit 0
            echo "$name in $folder is broken" >&2
            exit 254
        fi
        if [ -e "$folder/$name" ]; then cp "$folder/$name" "$path" && exit 0; exit 254; fi
    done
    exit 1
}

"$@"
