// @module-tag needs/private-mounts
import { expect, test } from "vitest";
import { aMachine, COREUTILS, type Parent } from "./machine.ts";

/** Ubuntu's apport sets `fs.suid_dumpable` at each boot, unless its setting or its service is off (ComplianceAsCode #8284). */
const ubuntu: Parent = {
  programs: COREUTILS,
  commands: { sshd: `cat "$ROOT"/etc/ssh/sshd_config.d/*.conf | tr '[:upper:]' '[:lower:]'` },
  files: {
    "etc/default/apport": "# set this to 0 to disable apport, or to 1 to enable it\nenabled=1\n",
    "etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n",
    "etc/modprobe.d/blacklist.conf": "",
    "etc/security/limits.d/empty.conf": "",
    "etc/sysctl.d/10-ubuntu.conf": "",
    "run/sshd/.keep": "",
  },
  services: {
    apport: `if grep -qx 'enabled=1' "$ROOT/etc/default/apport"; then echo 2 > "$ROOT/kernel/fs.suid_dumpable"; fi`,
  },
  kernel: { "fs.suid_dumpable": "0" },
};

const { "etc/default/apport": _, ...plainFiles } = ubuntu.files ?? {};
const amazonLinux: Parent = { ...ubuntu, files: plainFiles, services: {} };

function hardened(parent: Parent) {
  const machine = aMachine(parent);
  machine.boot();
  const built = ["harden-ssh.yaml", "harden-kernel.yaml"].map((file) => machine.play(file, "build"));
  machine.boot();
  return { machine, built };
}

test.each([
  ["Ubuntu", ubuntu],
  ["Amazon Linux", amazonLinux],
])("a fresh instance of %s runs with what the hardening components wrote", (_system, parent) => {
  const { machine, built } = hardened(parent);

  expect(built).toEqual([{ stderr: "" }, { stderr: "" }]);
  expect(machine.play("hardening-tests.yaml", "test")).toEqual({ stderr: "" });
});

test("a crash reporter that comes back fails the hardening tests, by its service and by what it sets", () => {
  const { machine } = hardened(ubuntu);
  machine.run(`rm "$ROOT/systemd/masked/apport"; sed -i 's/^enabled=.*/enabled=1/' /etc/default/apport`);
  machine.boot();

  const kernel = machine.play("hardening-tests.yaml", "test");
  machine.write("kernel/fs.suid_dumpable", "0\n");
  const service = machine.play("hardening-tests.yaml", "test");

  expect(kernel).toEqual({ failed: "test.KernelSettings", stderr: "fs.suid_dumpable is 2, expected 0\n" });
  expect(service).toEqual({ failed: "test.NoCrashReporter", stderr: "apport runs: it sets fs.suid_dumpable to 2\n" });
});
