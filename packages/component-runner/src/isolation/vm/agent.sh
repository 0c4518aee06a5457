#!/bin/bash
# Runs commands of component-runner in a virtual machine, over virtio serial ports: runner.<slot> takes requests, <port>.out and <port>.err take
# a command's output. It needs bash, coreutils and control groups of version 2.
#
# A request on a slot's port: `run <bytes> <most processes>` and a bash program, then its standard input in pieces: `<bytes>` and
# the piece, ending with one of 0 bytes. Its answers: `ready`, `started <group>`, then
# `ended <exit code> <bytes of standard output> <bytes of standard error>`. On the port runner.kill: a line names a group to kill.
ports=/dev/virtio-ports
groups=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
work=/run/component-runner
slots=4

# The devices appear one after the other, and opening a missing one would create a file.
await() {
  local one
  for one in "$@"; do until [ -c "$one" ]; do sleep 0.1; done; done
}

pump() { tee "$1" | wc -c > "$2"; }

# Reads all input, including what the command leaves unread.
feed() {
  local bytes
  while read -r bytes <&3 && [ "$bytes" -gt 0 ]; do
    head -c "$bytes" <&3 | { cat 2> /dev/null; cat > /dev/null; }
  done
}

serve() {
  local slot=$1 port="$ports/runner.$1" at="$work/$1" verb bytes most group number=0 code
  mkdir -p "$at"
  cd "$at" || exit
  await "$port" "$port.out" "$port.err"
  exec 3<> "$port"
  echo ready >&3
  while :; do
    # While the host is not connected, reads return nothing.
    read -r verb bytes most <&3 || { sleep 0.2; continue; }
    [ "$verb" = run ] || continue
    head -c "$bytes" <&3 > program
    rm -f in out err
    mkfifo in out err
    group="$slot-$((++number))"
    mkdir "$groups/$group"
    echo "$most" > "$groups/$group/pids.max"
    pump "$port.out" out.bytes < out & local out=$!
    pump "$port.err" err.bytes < err & local err=$!
    (
      echo 0 > /proc/self/oom_score_adj
      echo "$BASHPID" > "$groups/$group/cgroup.procs"
      echo "started $group" >&3
      exec 3>&- bash program
    ) < in > out 2> err &
    local command=$!
    feed > in & local feeder=$!
    wait "$command"
    code=$?
    wait "$out" "$err"
    echo "ended $code $(< out.bytes) $(< err.bytes)" >&3
    wait "$feeder"
    rmdir "$groups"/"$slot"-* 2> /dev/null
  done
}

# A control group with controllers for its children cannot hold processes itself (cgroups(7)).
mkdir -p "$groups/agent"
echo $$ > "$groups/agent/cgroup.procs"
echo +pids > "$groups/cgroup.subtree_control"
for ((slot = 0; slot < slots; slot++)); do serve "$slot" & done
await "$ports/runner.kill"
exec 3< "$ports/runner.kill"
while :; do
  read -r group <&3 || { sleep 0.2; continue; }
  echo 1 > "$groups/$group/cgroup.kill"
done
