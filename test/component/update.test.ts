import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { aMachine, COREUTILS, type Parent } from "./machine.ts";

describe("update-al2023", () => {
  /** dnf 4.14 as Amazon Linux 2023 has it: `remove --oldinstallonly` ends with 1 where there is nothing (dnf #2076). */
  const dnf = `
kernels="$ROOT/kernels"
running="$(cat "$ROOT/running")"
old() { ls "$kernels" | sort | sed '$d'; }
case "$*" in
  *upgrade) for kernel in $(cat "$ROOT/published"); do touch "$kernels/$kernel"; done ;;
  *"repoquery --installonly --latest-limit=-1") old | sed 's/^/kernel-0:/' ;;
  "--assumeyes remove --oldinstallonly")
    removed=
    for kernel in $(old); do
      if [ "$kernel" != "$running" ]; then rm "$kernels/$kernel"; removed=yes; fi
    done
    if [ -z "$removed" ]; then echo "Error: No old installonly packages found for removal." >&2; exit 1; fi ;;
  *) echo "this dnf does not know '$*'" >&2; exit 1 ;;
esac`;
  const newestKernel = `ls "$ROOT/kernels" | sort | tail -n 1 > "$ROOT/running"`;
  const amazonLinux = (published: string): Parent => ({
    programs: COREUTILS,
    commands: { dnf },
    files: { "kernels/6.1.10": "", published, running: "6.1.10" },
    services: { kernel: newestKernel },
  });
  const update = (published: string) => {
    const machine = aMachine(amazonLinux(published));
    const { failed, stderr } = machine.play("update-al2023.yaml", "build");
    return { failed, stderr, kernels: machine.run(`ls "$ROOT/kernels"`).stdout };
  };

  test("leaves the kernel that it boots into, and no other one", () => {
    expect(update("6.1.20")).toEqual({ failed: undefined, stderr: "", kernels: "6.1.20\n" });
  });

  test("succeeds without another kernel", () => {
    expect(update("")).toEqual({ failed: undefined, stderr: "", kernels: "6.1.10\n" });
  });
});

describe("update-ubuntu", () => {
  /** apt-get as it is beside cloud-init and the daily jobs, which hold its lock; plain `upgrade` keeps back what needs new packages. */
  const aptGet = `
words=" $* "
if [ ! -e "$ROOT/cloud-init-done" ]; then echo "cloud-init changes the sources" >&2; exit 100; fi
for job in apt-daily.timer apt-daily-upgrade.timer apt-daily apt-daily-upgrade; do
  if systemctl is-active --quiet "$job"; then echo "Could not get lock /var/lib/dpkg/lock-frontend: $job" >&2; exit 100; fi
done
[ "\${DEBIAN_FRONTEND:-}" = noninteractive ] || { echo "apt-get would ask questions" >&2; exit 100; }
case "$words" in
  *" update "*) touch "$ROOT/lists" ;;
  *" upgrade "*)
    [ -e "$ROOT/lists" ] || exit 100
    touch "$ROOT/upgraded"
    case "$words" in *" --with-new-pkgs "*) touch "$ROOT/kernel-upgraded" ;; esac ;;
  *" autoremove "*) touch "$ROOT/autoremoved-after-$(cat "$ROOT/boots")" ;;
  *" clean "*) ;;
  *) echo "this apt-get does not know '$*'" >&2; exit 100 ;;
esac`;
  const ubuntu = (cloudInit: string): Parent => ({
    programs: COREUTILS,
    commands: { "apt-get": aptGet, "cloud-init": cloudInit },
    files: { boots: "0" },
    services: {
      "apt-daily.timer": "exit 0",
      "apt-daily-upgrade.timer": "exit 0",
      "apt-daily": "exit 0",
      boots: `echo "$(( $(cat "$ROOT/boots") + 1 ))" > "$ROOT/boots"; exit 1`,
    },
  });
  const waits = (status: number) =>
    `[ "$*" = "status --wait" ] || exit 3; touch "$ROOT/cloud-init-done"; exit ${status}`;
  const update = (cloudInit: string) => {
    const machine = aMachine(ubuntu(cloudInit));
    machine.boot();
    const { failed, stderr } = machine.play("update-ubuntu.yaml", "build");
    const left = machine.run(`cd "$ROOT" && ls -d kernel-upgraded autoremoved-after-* 2> /dev/null | cat`).stdout;
    return { failed, stderr, left: left.split("\n").filter(Boolean) };
  };

  // cloud-init ends with 2 where it recovered from an error (cloud-init reference, "Return codes").
  test.each([0, 2])(
    "waits for cloud-init, which ends with %d, stops the daily jobs, and installs new packages",
    (status) => {
      expect(update(waits(status))).toEqual({
        failed: undefined,
        stderr: "",
        left: ["autoremoved-after-2", "kernel-upgraded"],
      });
    },
  );

  test("fails where cloud-init failed", () => {
    expect(update(waits(1))).toMatchObject({ failed: "build.WaitForCloudInit", left: [] });
  });
});

test("update-debian does what update-ubuntu does", () => {
  const phasesOf = (stem: string) => parse(readFileSync(`images/components/${stem}.yaml`, "utf8")).phases;

  expect(phasesOf("update-debian")).toEqual(phasesOf("update-ubuntu"));
});
