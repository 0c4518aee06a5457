// @module-tag deep
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backends } from "../../src/isolation/backends.ts";
import { bootHere, type Here } from "./boot-here.ts";

/** Settings of the machine's kernel; each attack writes what they already have, or nothing that would harm. */
const witnesses = ["kernel/hostname", "kernel/core_pattern", "kernel/panic", "vm/overcommit_memory", "fs/file-max"];
const readWitnesses = () => witnesses.map((name) => readFileSync(`/proc/sys/${name}`, "utf8"));

/** The script has to fail. */
const refused: Readonly<Record<string, string>> = {
  "setting the machine's core pattern": "echo core > /proc/sys/kernel/core_pattern",
  "setting what the kernel does after a panic": "cat /proc/sys/kernel/panic > /proc/sys/kernel/panic",
  "setting the machine's memory policy": "cat /proc/sys/vm/overcommit_memory > /proc/sys/vm/overcommit_memory",
  "setting the machine's file limits": "cat /proc/sys/fs/file-max > /proc/sys/fs/file-max",
  "the same by sysctl": 'sysctl -w vm.swappiness="$(cat /proc/sys/vm/swappiness)"',
  "requests to the kernel's sysrq": "echo h > /proc/sysrq-trigger",
  "affinities of interrupts": "echo 1 > /proc/irq/default_smp_affinity",
  "a fresh /proc with settings that can be written":
    "mkdir -p /opt/proc && mount -t proc proc /opt/proc && cat /opt/proc/sys/kernel/panic > /opt/proc/sys/kernel/panic",
  "remounting settings to be written":
    "mount -o remount,bind,rw /proc/sys/kernel; mount -o remount,rw /proc/sys/kernel; umount /proc/sys/kernel; cat /proc/sys/kernel/panic > /proc/sys/kernel/panic",
  "settings below /sys, also remounted":
    "mount -o remount,bind,rw /sys; mount -o remount,rw /sys; cat /sys/power/pm_freeze_timeout > /sys/power/pm_freeze_timeout || cat /sys/kernel/uevent_seqnum > /sys/kernel/uevent_helper",
  "a fresh /sys":
    "mkdir -p /opt/sys && mount -t sysfs sysfs /opt/sys && echo /bin/true > /opt/sys/kernel/uevent_helper",
  "the kernel's debugging and security file systems":
    "mkdir -p /opt/d; mount -t debugfs none /opt/d || mount -t tracefs none /opt/d || mount -t securityfs none /opt/d",
  "a device node of the machine's disk": "mknod /opt/disk b 254 0 && head -c 512 /opt/disk",
  "a device node of the machine's memory": "mknod /opt/mem c 1 1 && head -c 16 /opt/mem",
  "a device that already exists":
    "ls /dev/vda /dev/sda /dev/nvme0n1 /dev/kmsg /dev/mem /dev/loop-control /dev/kvm /dev/fuse 2> /dev/null | grep .",
  "mounting a disk": "mknod /opt/disk2 b 254 0; mount /opt/disk2 /mnt",
  "a loop device": "truncate -s 8M /opt/image && mke2fs -q /opt/image && mount -o loop /opt/image /mnt",
  "the clock": 'date -s "@$(date +%s)"',
  "the kernel's log": "dmesg",
  swap: "dd if=/dev/zero of=/opt/swap bs=1M count=8 status=none && mkswap -q /opt/swap && swapon /opt/swap",
  "control groups above its own":
    "echo $$ > /sys/fs/cgroup/../cgroup.procs; echo 1000000 > /sys/fs/cgroup/pids.max || echo max > /sys/fs/cgroup/memory.max",
  "a fresh tree of control groups":
    "mkdir -p /opt/cg && mount -t cgroup2 none /opt/cg && [ -e /opt/cg/component-runner-* ]",
  "control groups of version 1, with their release agents": `
    for controller in memory pids devices rdma name=systemd; do
      at="/opt/cg-$controller"; mkdir -p "$at"; mount -t cgroup -o "$controller" none "$at" || continue
      { echo /bin/true > "$at/release_agent" || echo $$ > "$at/cgroup.procs" || echo -1 > "$at/memory.limit_in_bytes" || mkdir "$at/x"; } && exit 0
    done; exit 1`,
  "priorities above the machine's": "nice -n -20 true 2>&1 | grep -q denied && exit 1; chrt -f 50 true",
  "limits on its processes": "prlimit --nofile=1073741824:1073741824 --pid $$",
};

const { EPERM, ENOSYS, EINVAL, ESTALE, EACCES } = constants.errno;

interface Call {
  /** By their numbers on x86_64, for perl's `syscall`; it takes no constant texts. */
  readonly call: string;
  /** The list of refused calls refuses it, before the kernel looks at it. */
  readonly namespaces: number;
  /** There the kernel itself refuses; left out: it allows the call, which then is within the system. */
  readonly bubblewrap?: readonly number[];
}

/** A kernel without modules has no such calls. */
const noModules = [existsSync("/proc/modules") ? EPERM : ENOSYS];

const calls: Readonly<Record<string, Call>> = {
  "a key in a keyring (add_key)": {
    call: 'my ($type, $name, $key) = ("user", "x", "y"); syscall(248, $type, $name, $key, 1, -2)',
    namespaces: ENOSYS,
  },
  "a keyring (keyctl)": { call: "syscall(250, 0, -2, 1)", namespaces: ENOSYS },
  "a map in the kernel (bpf)": {
    call: 'my $map = pack("L4x112", 1, 4, 4, 1); syscall(321, 0, $map, 128)',
    namespaces: EPERM,
    bubblewrap: [EPERM],
  },
  "a program in the kernel (bpf)": {
    call: 'my ($code, $license) = (pack("CCsl", 0xb7, 0, 0, 0) . pack("CCsl", 0x95, 0, 0, 0), "GPL\\0"); my $program = pack("LLpp", 1, 2, $code, $license) . ("\\0" x 104); syscall(321, 5, $program, 128)',
    namespaces: EPERM,
    bubblewrap: [EPERM],
  },
  "a module from a file (finit_module)": {
    call: 'open(my $file, "<", "/etc/passwd"); my $none = ""; syscall(313, fileno($file), $none, 0)',
    namespaces: EPERM,
    bubblewrap: noModules,
  },
  "a module from memory (init_module)": {
    call: 'my ($module, $none) = ("x", ""); syscall(175, $module, 1, $none)',
    namespaces: EPERM,
    bubblewrap: noModules,
  },
  "removing a module (delete_module)": {
    call: 'my $name = "dummy"; syscall(176, $name, 0)',
    namespaces: EPERM,
    bubblewrap: noModules,
  },
  "a file by its handle (open_by_handle_at)": {
    call: 'my $handle = pack("Llx8", 8, 1); syscall(304, -100, $handle, 0)',
    namespaces: EPERM,
    bubblewrap: [EPERM, ESTALE],
  },
  "a reboot of the machine (reboot)": {
    call: "syscall(169, 0xfee1dead, 672274793, 0x89abcdef, 0)",
    namespaces: EPERM,
    bubblewrap: [EINVAL],
  },
  "the clock (clock_settime)": {
    call: 'my $time = "\\0" x 16; syscall(227, 0, $time)',
    namespaces: EPERM,
    bubblewrap: [EPERM],
  },
  "counters of the machine (perf_event_open)": {
    call: 'my $event = pack("LLx120", 1, 128); syscall(298, $event, -1, 0, -1, 0)',
    namespaces: EPERM,
    bubblewrap: [EACCES, EPERM],
  },
  "rings of requests (io_uring_setup)": {
    call: 'my $settings = "\\0" x 128; syscall(425, 1, $settings)',
    namespaces: ENOSYS,
  },
};

/** Prints the call's error, 0 if it succeeded. */
const callScript = (call: string) => `perl -e '$! = 0; my $said = do { ${call} }; print $said == -1 ? $! + 0 : 0'`;

/** The file of the machine is reached by none of these. $SECRET: its path. */
const reaching: Readonly<Record<string, string>> = {
  "its path": 'cat "$SECRET"',
  "the first process's root": 'cat "/proc/1/root$SECRET" "/proc/self/root$SECRET"',
  "parents of the root": 'cat "/../../../..$SECRET"; cd /proc/1/cwd && cat "../../../..$SECRET"',
  "a symbolic link":
    'ln -s "$SECRET" /opt/link; cat /opt/link; ln -s /proc/1/root /opt/rootlink; cat "/opt/rootlink$SECRET"',
  "a second chroot":
    'python3 -c \'import os, sys; os.mkdir("/opt/jail"); fd = os.open("/", 0); os.chroot("/opt/jail"); os.fchdir(fd); [os.chdir("..") for _ in range(64)]; os.chroot("."); print(open(sys.argv[1]).read())\' "$SECRET"',
  "folders of the machine that mounts name":
    'for path in $(grep -oE "/[a-z]+/component-runner-[^/, ]+|/root/[^, ]+" /proc/self/mountinfo); do ls "$path"; done; for one in /proc/[0-9]*/root /proc/[0-9]*/cwd; do cat "$one$SECRET"; done',
  "unmounting what lies over the root":
    'umount -l / 2>&1; umount -a 2>&1; cat "$SECRET"; pivot_root . . && cat "$SECRET"',
  "a bind mount": 'mkdir -p /opt/b && mount --bind / /opt/b && cat "/opt/b$SECRET" "/opt/b/..$SECRET"',
  "open descriptors": 'for fd in /proc/*/fd/*; do cat "$fd/..$SECRET" "$fd$SECRET"; done',
  "an overlay of its own":
    'mkdir -p /opt/o/{l,u,w,m}; mount -t overlay o -o "lowerdir=/..,upperdir=/opt/o/u,workdir=/opt/o/w" /opt/o/m && cat "/opt/o/m$SECRET"',
  "namespaces of other processes":
    'for pid in /proc/[0-9]*; do timeout 2 nsenter --mount="$pid/ns/mnt" cat "$SECRET"; done',
};

for (const backend of backends.filter(({ ownKernel }) => !ownKernel)) {
  describe(backend.name, { tags: `needs/${backend.name}` }, () => {
    let here: Here;
    const folder = mkdtempSync(join(tmpdir(), "secret-"));
    const secret = join(folder, "secret");
    const content = `secret-${randomUUID()}`;
    beforeAll(async () => {
      writeFileSync(secret, content);
      here = await bootHere(backend);
    }, 900_000);
    afterAll(async () => {
      await here?.system.close();
      rmSync(folder, { recursive: true });
    });

    test.each(Object.entries(refused))("refused: %s", async (_, script) => {
      const before = readWitnesses();
      const said = await here.run(script, { signal: AbortSignal.timeout(20_000) });

      expect(said.exitCode, said.out).not.toBe(0);
      expect(readWitnesses()).toEqual(before);
    });

    test.each(Object.entries(calls))(
      "the right error refuses %s",
      { tags: "needs/x86_64" },
      async (_, { call, namespaces, bubblewrap = [0] }) => {
        const { out, err } = await here.run(callScript(call));

        expect(err).toBe("");
        expect(backend.name === "namespaces" ? [namespaces] : bubblewrap).toContain(Number(out));
      },
    );

    test.each(Object.entries(reaching))("a file of the machine is not reached by %s", async (_, script) => {
      await using own = await bootHere(backend);
      const said = await own.run(`{ ${script}\n} 2>&1; true`, {
        env: { SECRET: secret },
        signal: AbortSignal.timeout(20_000),
      });

      expect(said.out).not.toContain(content);
    });

    test("its processes neither see nor signal the machine's", async () => {
      const said = await here.run(`ls /proc | grep -cx ${process.pid}; kill -0 ${process.pid}; kill -9 -1; true`, {
        signal: AbortSignal.timeout(20_000),
      });

      expect(said.out.split("\n")[0]).toBe("0");
      expect(existsSync(`/proc/${process.pid}`)).toBe(true);
    });

    test("root owns nothing on the machine: a file with setuid has no rights there", async () => {
      await using own = await bootHere(backend);
      expect(readFileSync("/proc/self/uid_map", "utf8")).toContain("4294967295");
      const { out } = await own.run("cat /proc/self/uid_map; grep -i seccomp: /proc/self/status");

      expect(Number(out.trim().split(/\s+/)[1])).toBeGreaterThan(0);
    });

    test("a system whose processes a document has stopped can be closed", async () => {
      await using own = await bootHere(backend);

      await own.run("kill -STOP -1", { signal: AbortSignal.timeout(1000) });
    });

    test("a fork bomb stops at the limit, and the system can be closed", async () => {
      await using own = await bootHere(backend, { limits: { processes: 150 } });
      const said = await own.run("bomb() { bomb | bomb & }; bomb; sleep 3; exit 5", {
        signal: AbortSignal.timeout(6000),
      });

      expect(said.exitCode).not.toBe(0);
    });

    test("a process that takes too much memory is killed", async () => {
      await using own = await bootHere(backend, { limits: { memoryMiB: 256 } });
      const said = await own.run("python3 -c 'x = bytearray(1500 << 20)'");

      expect(said.exitCode).not.toBe(0);
      expect((await own.run("echo alive")).out).toBe("alive\n");
    });

    test("files in memory count, too", async () => {
      await using own = await bootHere(backend, { limits: { memoryMiB: 256 } });
      const said = await own.run(
        "for at in /run /dev/shm /tmp; do head -c 400M /dev/zero > $at/fill && ls -s $at/fill; done; mkdir -p /opt/t; mount -t tmpfs -o size=2G t /opt/t && head -c 1G /dev/zero > /opt/t/fill",
      );

      expect(said.exitCode).not.toBe(0);
    });

    test("a full disk is the system's: the machine's keeps its space", async () => {
      await using own = await bootHere(backend, { limits: { diskMiB: 64 } });
      const { bavail, bsize } = statfsSync(tmpdir());
      const said = await own.run("head -c 1G /dev/zero > /var/fill");
      const after = statfsSync(tmpdir());

      expect(said.exitCode).not.toBe(0);
      expect(said.err).toContain("No space left on device");
      expect((bavail - after.bavail) * bsize).toBeLessThan(300 * 2 ** 20);
    });
  });
}
