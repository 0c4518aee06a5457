import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { agentUserData, KEPT_DIRECTORY } from "../../stacks/build/agent-user-data.ts";

/** Runs the user data on a machine whose programs record their arguments. */
function run(programs: Readonly<Record<string, string>>, manager: "dpkg" | "rpm" = "dpkg") {
  const root = mkdtempSync(join(tmpdir(), "user-data-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "bin"));
  const says = `echo "$(basename "$0") $*" >> "${root}/asked"`;
  const all = { "apt-get": "", curl: "", dpkg: "echo arm64", "dpkg-query": "exit 1", systemctl: "" };
  const rpm = { dnf: "", rpm: "exit 1", uname: "echo aarch64" };
  for (const [name, body] of Object.entries({ ...all, ...rpm, ...programs })) {
    const file = join(root, "bin", name);
    writeFileSync(file, `#!/bin/bash\n${says}\n${body}\n`);
    chmodSync(file, 0o755);
  }
  const script = agentUserData(manager, { partition: "aws", region: "eu-west-1" }).replaceAll(KEPT_DIRECTORY, root);
  const env = { PATH: `${root}/bin:/usr/bin:/bin`, TMPDIR: root };
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8", env });
  const asked = readFileSync(join(root, "asked"), "utf8").replaceAll(root, "ROOT").trimEnd().split("\n");
  return { status, stderr, asked, cleansUp: existsSync(join(root, "perform_cleanup")) };
}

test("a build instance gets the agent of its region and architecture, and is cleaned up", () => {
  const { status, stderr, asked, cleansUp } = run({});

  expect({ status, stderr, cleansUp }).toEqual({ status: 0, stderr: "", cleansUp: true });
  expect(asked.find((line) => line.startsWith("curl "))).toMatch(
    / https:\/\/s3\.eu-west-1\.amazonaws\.com\/amazon-ssm-eu-west-1\/latest\/debian_arm64\/amazon-ssm-agent\.deb$/,
  );
  expect(asked.at(-2)).toMatch(/^apt-get .* install ROOT\/\S+\/amazon-ssm-agent\.deb$/);
  expect(asked.at(-1)).toBe("systemctl enable --now amazon-ssm-agent");
});

test.each(["aarch64", "x86_64"])("with rpm the agent for %s is an rpm package", (machine) => {
  const { status, stderr, asked, cleansUp } = run({ uname: `echo ${machine}` }, "rpm");

  expect({ status, stderr, cleansUp }).toEqual({ status: 0, stderr: "", cleansUp: true });
  expect(asked.find((line) => line.startsWith("curl "))).toMatch(
    new RegExp(
      `/amazon-ssm-eu-west-1/latest/linux_${machine === "aarch64" ? "arm64" : "amd64"}/amazon-ssm-agent\\.rpm$`,
    ),
  );
  expect(asked.at(-2)).toMatch(/^dnf --assumeyes install ROOT\/\S+\/amazon-ssm-agent\.rpm$/);
  expect(asked.at(-1)).toBe("systemctl enable --now amazon-ssm-agent");
});

test("a parent's agent from an rpm package is kept", () => {
  const { status, asked, cleansUp } = run({ rpm: "" }, "rpm");

  expect({ status, cleansUp }).toEqual({ status: 0, cleansUp: true });
  expect(asked).toEqual(["rpm --query amazon-ssm-agent", "systemctl enable --now amazon-ssm-agent"]);
});

test("a parent's agent is kept, and the instance is still cleaned up", () => {
  const { status, asked, cleansUp } = run({ "dpkg-query": "" });

  expect({ status, cleansUp }).toEqual({ status: 0, cleansUp: true });
  expect(asked).toEqual(["dpkg-query --show amazon-ssm-agent", "systemctl enable --now amazon-ssm-agent"]);
});

test("user data fails where the agent cannot be downloaded", () => {
  const { status, asked } = run({ curl: "exit 22" });

  expect(status).toBe(22);
  expect(asked.at(-1)).toMatch(/^curl /);
});

test("in China the agent comes from China", () => {
  expect(agentUserData("rpm", { partition: "aws-cn", region: "cn-north-1" })).toContain(
    "https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/",
  );
});
