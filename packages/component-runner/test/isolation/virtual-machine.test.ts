// @module-tag deep
// @module-tag needs/vm
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { vm } from "../../src/isolation/vm/vm.ts";
import { bootDisk } from "./boot-disk.ts";
import { bootHere, type Here, prepareHere } from "./boot-here.ts";
import { leftoversOf } from "./leftovers.ts";
import { testBackend } from "./test-backend.ts";

const PROGRAM = fileURLToPath(new URL("program/boot-and-wait.ts", import.meta.url));

describe("vm", () => {
  // Its machine has gone when the others' leftovers are looked for.
  describe("as every backend", () => testBackend(vm));

  describe("a kernel of its own", () => {
    let here: Here;
    beforeAll(async () => {
      here = await bootHere(vm);
    }, 900_000);
    afterAll(() => here?.system.close());

    test("it started by UEFI firmware, the root's own boot loader and kernel", async () => {
      const said = await here.run("ls -d /sys/firmware/efi; cat /proc/cmdline; uname -r; ls /boot/vmlinuz-*");

      const [efi, commandLine, release, kernel] = said.out.split("\n");
      expect(efi).toBe("/sys/firmware/efi");
      expect(commandLine).toContain("root=LABEL=image-root");
      expect(kernel).toBe(`/boot/vmlinuz-${release}`);
    });

    test("modules, kernel settings, the clock, swap and loop devices are the system's", async () => {
      const said = await here.run(`
        set -e
        modprobe dummy; lsmod | grep -c ^dummy
        sysctl -q -w kernel.dmesg_restrict=1; cat /proc/sys/kernel/dmesg_restrict
        date -s 2030-01-01 > /dev/null; date +%Y
        dd if=/dev/zero of=/swap bs=1M count=8 status=none; chmod 600 /swap; mkswap -q /swap; swapon /swap; swapoff /swap
        truncate -s 8M /image; mke2fs -q /image; mount -o loop /image /mnt; umount /mnt; echo done`);

      expect(said).toMatchObject({ out: "1\n1\n2030\ndone\n", exitCode: 0 });
    });

    test("what fills the disk or the memory ends inside", async () => {
      const full = await here.run("dd if=/dev/zero of=/var/full bs=1M count=100000 status=none; rm /var/full");
      const memory = await here.run("python3 -c 'x = bytearray(4 << 30)'; echo $?");

      expect(full.err).toContain("No space left on device");
      expect(memory.out).not.toBe("0\n");
      expect((await here.run("echo goes on")).out).toBe("goes on\n");
    });

    test("a command cannot start more processes than allowed, and others continue", async () => {
      const bomb = await here.run("for i in $(seq 500); do sleep 600 & done", { signal: AbortSignal.timeout(90_000) });

      expect(bomb.err).toMatch(/Resource temporarily unavailable|retry/);
      expect((await here.run("echo goes on")).out).toBe("goes on\n");
    });

    test("five commands at once share the agent's ports", async () => {
      const said = await Promise.all([1, 2, 3, 4, 5].map((n) => here.run(`sleep 0.5; echo ${n}`)));

      expect(said.map(({ out }) => out)).toEqual(["1\n", "2\n", "3\n", "4\n", "5\n"]);
    });

    test("when the agent is killed, its commands fail and it starts again", async () => {
      const killed = await here.run("systemctl kill --signal=KILL component-runner-agent; sleep 100");

      expect(killed).toMatchObject({ exitCode: 137, systemDown: false });
      expect((await here.run("echo goes on")).out).toBe("goes on\n");
    });
  });

  test("documents' changes of the boot loader's settings take effect, and a disk of the image boots without the agent", async () => {
    const folder = mkdtempSync(join(tmpdir(), "disk-"));
    try {
      const root = await prepareHere(vm);
      const image = join(folder, "image");
      {
        await using here = await bootHere(vm);
        const changed = await here.run(`
          set -e
          echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX audit=1 probe=yes"' > /etc/default/grub.d/60-probe.cfg
          update-grub
          printf '%s\\n' '[Service]' 'Type=oneshot' 'ExecStart=/bin/sh -c "ls -d /usr/lib/component-runner /etc/systemd/system/component-runner-agent.service; echo PROBE $(uname -r) > /dev/ttyS0; ls /usr/lib/component-runner > /dev/ttyS0 2>&1"' '[Install]' 'WantedBy=multi-user.target' > /etc/systemd/system/probe.service
          systemctl enable probe`);
        expect(changed.exitCode).toBe(0);
        await here.system.restart();
        expect((await here.run("cat /proc/cmdline")).out).toContain("probe=yes");
        await here.system.snapshot(image);
      }
      const disk = join(folder, "disk.raw");
      await vm.writeDisk?.({ root, from: image, limits: { memoryMiB: 512, processes: 400, diskMiB: 512 } }, disk);

      await using booted = await bootDisk(disk, "raw");

      expect(await booted.printed(/login:/)).toMatch(/PROBE \d[\s\S]*No such file or directory/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("when the runner is killed, nothing runs or is mounted a second later, and the next start removes the files", async () => {
    const child = spawn(process.execPath, [PROGRAM, "vm"], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(leftoversOf(child.pid ?? 0)).not.toEqual([]);

    child.kill("SIGKILL");
    await once(child, "exit");
    await sleep(1000);

    const files = /^component-runner-\d+-\w+$/;
    expect(leftoversOf(child.pid ?? 0).filter((line) => !files.test(line))).toEqual([]);
    await using _next = await bootHere(vm);
    expect(leftoversOf(child.pid ?? 0)).toEqual([]);
  });

  test("a kernel that stops before its first process is started again", async () => {
    let stopped = 0;
    const onConsole = (text: string) => {
      if (stopped > 0 || !/^\[ +\d+\.\d+\]/m.test(text)) return;
      stopped++;
      execFileSync("pkill", ["--signal", "STOP", "-f", `^qemu-system.*/component-runner-${process.pid}-`]);
    };

    await using here = await bootHere(vm, { onConsole });

    expect(stopped).toBe(1);
    expect((await here.run("echo runs")).out).toBe("runs\n");
  });

  test.each([0, 100, 300, 1000, 8000])("interrupted %i ms into its boot, a machine leaves nothing", async (ms) => {
    await prepareHere(vm);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("interrupted")), ms);

    const booted = await bootHere(vm, { signal: controller.signal }).catch((error) => error);

    if (booted instanceof Error) expect(booted.message).toBe("interrupted");
    else await booted.system.close();
    expect(leftoversOf(process.pid)).toEqual([]);
  });

  test("a root without a kernel is refused with what it lacks", async () => {
    const root = mkdtempSync(join(tmpdir(), "root-"));
    mkdirSync(join(root, "etc"));
    try {
      const limits = { memoryMiB: 512, processes: 400, diskMiB: 512 };
      const refused = vm.prepare({ kind: "directory", path: root }, { progress: () => {}, limits });

      await expect(refused).rejects.toThrow("The root has no kernel: it needs /boot/vmlinuz-* and /boot/initrd.img-*");
      expect(existsSync(root)).toBe(true);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
