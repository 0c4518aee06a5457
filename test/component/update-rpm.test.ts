// @module-tag needs/private-mounts
import { describe, expect, test } from "vitest";
import { aMachine, COREUTILS } from "./machine.ts";

const newestKernel = `ls "$ROOT/kernels" | sort | tail -n 1 > "$ROOT/running"`;

describe("update-enterprise-linux", () => {
  /** dnf 4: `remove --oldinstallonly` keeps the running kernel, and ends with 1 where there is nothing to remove. */
  const dnf = `
old() { ls "$ROOT/kernels" | sort | sed '$d'; }
case "$*" in
  "--refresh --assumeyes upgrade") for kernel in $(cat "$ROOT/published"); do touch "$ROOT/kernels/$kernel"; done ;;
  *"repoquery --installonly --latest-limit=-1") old ;;
  "--assumeyes remove --oldinstallonly")
    removed=
    for kernel in $(old); do
      if [ "$kernel" != "$(cat "$ROOT/running")" ]; then rm "$ROOT/kernels/$kernel"; removed=yes; fi
    done
    [ -n "$removed" ] || exit 1 ;;
  "clean all") touch "$ROOT/cleaned" ;;
  *) echo "this dnf does not know '$*'" >&2; exit 1 ;;
esac`;

  test.each([
    ["5.14.20", "5.14.20\n"],
    ["", "5.14.10\n"],
  ])("with the kernel '%s' published, only the one that it boots into stays", (published, left) => {
    const machine = aMachine({
      programs: COREUTILS,
      commands: { dnf },
      files: { "kernels/5.14.10": "", published, running: "5.14.10" },
      services: { kernel: newestKernel },
    });

    const { failed, stderr } = machine.play("update-enterprise-linux.yaml", "build");

    expect({ failed, stderr, kernels: machine.run(`ls "$ROOT/kernels"`).stdout }).toEqual({
      failed: undefined,
      stderr: "",
      kernels: left,
    });
    expect(machine.read("cleaned")).toBe("");
  });
});

describe("update-sles", () => {
  /** zypper's exit codes (its manual, "EXIT CODES"): each call of `patch` takes the next of them. */
  const zypper = `
case "$*" in
  *" repos --uri") cat "$ROOT/repositories" ;;
  *" refresh" | *" clean --all") ;;
  *" patch --auto-agree-with-licenses --with-update")
    code="$(head -n 1 "$ROOT/codes")"
    sed -i 1d "$ROOT/codes"
    echo "$code" >> "$ROOT/called"
    exit "$code" ;;
  *" purge-kernels") echo "purged in boot $(cat "$ROOT/boots")" >> "$ROOT/called" ;;
  *) echo "this zypper does not know '$*'" >&2; exit 2 ;;
esac`;
  const update = (codes: readonly number[]) => {
    const machine = aMachine({
      programs: COREUTILS,
      commands: { zypper },
      files: { boots: "0", repositories: "https://susecloud.example/SLES\n", codes: `${codes.join("\n")}\n` },
      services: { boots: `echo "$(( $(cat "$ROOT/boots") + 1 ))" > "$ROOT/boots"; exit 1` },
    });
    const { failed, stderr } = machine.play("update-sles.yaml", "build");
    return { failed, stderr, called: (machine.read("called") ?? "").trimEnd().split("\n") };
  };

  test.each([
    [[0], ["0", "purged in boot 1"]],
    [[102], ["102", "purged in boot 1"]],
    [
      [103, 102],
      ["103", "102", "purged in boot 1"],
    ],
  ])("where zypper ends with %j it is called again if it was itself updated, and boots", (codes, called) => {
    expect(update(codes)).toEqual({ failed: undefined, stderr: "", called });
  });

  test.each([
    [[104], "zypper patch exited with 104 after 1 attempt(s)"],
    [[103, 103, 103], "zypper patch exited with 103 after 3 attempt(s)"],
  ])("where zypper ends with %j the build fails", (codes, says) => {
    const { failed, stderr } = update(codes);

    expect(failed).toBe("build.UpgradePackages");
    expect(stderr).toContain(says);
  });
});
