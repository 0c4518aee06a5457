// @module-tag needs/private-mounts
import { expect, test } from "vitest";
import { aMachine, COREUTILS, type Parent } from "./machine.ts";

const AGENT = "opt/aws/amazon-cloudwatch-agent";

/**
 * The agent as its package installs it. It starts with what `etc/amazon-cloudwatch-agent.json` and `etc/amazon-cloudwatch-agent.d`
 * have, no other file, and ends with 0 where there is nothing; its tool takes a file over into the folder, where its
 * translator accepts it (aws/amazon-cloudwatch-agent: start-amazon-cloudwatch-agent, amazon-cloudwatch-agent-ctl).
 */
const install = `
agent="$ROOT/${AGENT}"
mkdir -p "$agent/bin" "$agent/etc/amazon-cloudwatch-agent.d"
cat > "$ROOT/systemd/units/amazon-cloudwatch-agent" <<'UNIT'
etc="$ROOT/${AGENT}/etc"
for file in "$etc/amazon-cloudwatch-agent.json" "$etc/amazon-cloudwatch-agent.d/"*; do
  if [ -e "$file" ]; then exit 0; fi
done
exit 1
UNIT
printf '#!/bin/sh\\n' > "$agent/bin/amazon-cloudwatch-agent"
cat > "$agent/bin/amazon-cloudwatch-agent-ctl" <<'TOOL'
#!/usr/bin/env bash
[ "$1 $2 $3 $4 $5" = "-a fetch-config -m ec2 -c" ] || { echo "not as documented: $*" >&2; exit 1; }
file="\${6#file:}"
node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).metrics.metrics_collected.mem' "$file" || exit 1
cp "$file" "$ROOT/${AGENT}/etc/amazon-cloudwatch-agent.d/file_\${file##*/}"
rm -f "$ROOT/${AGENT}/etc/amazon-cloudwatch-agent.json"
TOOL
chmod +x "$agent"/bin/*
`;

const machine: Parent = {
  programs: [...COREUTILS, "node", "df"],
  commands: {
    dnf: `if [ "$*" = "--assumeyes install amazon-cloudwatch-agent" ]; then ${install} fi`,
    curl: "printf 401",
  },
  services: { "amazon-ssm-agent": "exit 0" },
};

function built() {
  const one = aMachine(machine);
  one.boot();
  const build = one.play("agents.yaml", "build");
  one.boot();
  return { one, build };
}

test("the CloudWatch agent runs on a fresh instance, with the settings of the component", () => {
  const { one, build } = built();

  expect(build).toEqual({ stderr: "" });
  expect(one.run("systemctl is-active amazon-cloudwatch-agent.service").stdout).toBe("active\n");
  expect(one.play("smoke.yaml", "test")).toEqual({ stderr: "" });
});

test("an agent that has no settings to read ends at once, and the smoke test says so", () => {
  const { one } = built();
  one.run(`rm -r "$ROOT/${AGENT}/etc"`);
  one.boot();

  expect(one.play("smoke.yaml", "test")).toEqual({
    failed: "test.AgentsRun",
    stderr: "the CloudWatch agent does not run\n",
  });
});

test("what a document does cannot leave its folder", () => {
  const machine = aMachine({ programs: COREUTILS });

  const { status, stderr } = machine.run(
    "echo text > /srv/left-behind; echo text > /home/left-behind; touch /left-behind",
  );

  expect(status).not.toBe(0);
  expect(stderr.match(/Read-only file system/g)).toHaveLength(3);
  expect(machine.run('echo text > "$ROOT/kept"').status).toBe(0);
});
