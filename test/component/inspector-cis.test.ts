import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { cisScanName } from "../../core/evidence/cis.ts";
import { bash, stepsOf } from "./component-steps.ts";

const steps = stepsOf("inspector-cis.yaml");
const instance = "i-0123456789abcdef0";
const build = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1";
const configuration = "arn:aws:inspector2:eu-west-1:111122223333:owner/111122223333/cis-configuration/1";

const script = (name: string): string =>
  steps
    .find((step) => step.name === name)!
    .inputs.commands[0]!.replaceAll("{{ test.ReadInstanceId.outputs.stdout }}", instance)
    .replaceAll("{{ Level }}", "LEVEL_1")
    .replaceAll("{{ Factory }}", "acme");

/** The script with a metadata service, and an AWS CLI that returns this and records its arguments. */
const scanning = ({ tag = build, statuses = ["COMPLETED"] }: { tag?: string; statuses?: string[] }) => {
  const world = `
answers=(${statuses.join(" ")})
round="$(mktemp)"; echo 0 > "$round"
curl() { case "$*" in *api/token*) echo token ;; *placement/region*) echo eu-west-1 ;; *) return 22 ;; esac; }
sleep() { [ "$(cat "$round")" -lt 5 ] || SECONDS=6000; }
aws() {
  printf '%s\\n' "$AWS_REGION" "$@" "" >&2
  case "$1 $2" in
    "ec2 describe-tags") echo '${tag}' ;;
    "inspector2 create-cis-scan-configuration") echo '${configuration}' ;;
    "inspector2 list-cis-scans")
      n="$(cat "$round")"; echo $((n + 1)) > "$round"
      echo "\${answers[$n]:-\${answers[-1]}}" ;;
  esac
}
`;
  const { status, stdout, stderr } = bash(`${world}${script("ScanInstance")}`);
  const calls = stderr.split("\n\n").map((call) => call.trim().split("\n"));
  return { status, stdout: stdout.trim().split("\n"), stderr, calls };
};

const optionOf = (call: readonly string[] | undefined, option: string): string => {
  const at = call?.indexOf(option) ?? -1;
  return at < 0 ? "" : (call?.[at + 1] ?? "");
};

describe("the scan", () => {
  it("is of this one instance, by Image Builder's tag, once, under the name that the factory looks for", () => {
    const { status, calls } = scanning({});
    const [tags, create, list] = calls;

    expect(status).toBe(0);
    expect(tags).toEqual(expect.arrayContaining([`Name=resource-id,Values=${instance}`]));
    expect(optionOf(create, "--scan-name")).toBe(cisScanName(instance));
    expect(optionOf(create, "--security-level")).toBe("LEVEL_1");
    expect(JSON.parse(optionOf(create, "--schedule"))).toEqual({ oneTime: {} });
    expect(JSON.parse(optionOf(create, "--tags"))).toEqual({ "amint:factory": "acme" });
    expect(JSON.parse(optionOf(create, "--targets"))).toEqual({
      accountIds: ["SELF"],
      targetResourceTags: { Ec2ImageBuilderArn: [build] },
    });
    expect(JSON.parse(optionOf(list, "--filter-criteria"))).toEqual({
      scanConfigurationArnFilters: [{ comparison: "EQUALS", value: configuration }],
    });
    expect(calls.filter((call) => call.length > 1).map(([region]) => region)).toEqual(Array(3).fill("eu-west-1"));
  });

  it.each(["COMPLETED", "FAILED", "CANCELLED"])("is waited for, and the gate evaluates one that is %s", (end) => {
    const { status, stdout, calls } = scanning({ statuses: ["None", "IN_PROGRESS", end] });

    expect(status).toBe(0);
    expect(stdout.at(-1)).toBe(end);
    expect(calls.filter((call) => call.includes("list-cis-scans"))).toHaveLength(3);
  });

  it("that does not end fails, with its last status", () => {
    const { status, stderr } = scanning({ statuses: ["IN_PROGRESS"] });

    expect(status).toBe(1);
    expect(stderr).toContain(
      `Inspector's scan of ${instance} has not ended after 85 minutes, its status is IN_PROGRESS`,
    );
  });

  it("is not started on an instance without Image Builder's tag, and says so", () => {
    const { status, stderr } = scanning({ tag: "None" });

    expect(status).toBe(1);
    expect(stderr).toContain(`${instance} has no tag Ec2ImageBuilderArn with an image`);
    expect(stderr).not.toContain("create-cis-scan-configuration");
  });
});

describe("the AWS CLI of this machine", { tags: "needs/aws-cli-cis-scans" }, () => {
  it("accepts the script's arguments", () => {
    const { calls } = scanning({});

    for (const [, ...call] of calls.filter((one) => one.length > 1)) {
      // It checks its input before it finds that no server answers.
      const nowhere = ["--region", "eu-west-1", "--no-sign-request", "--endpoint-url", "http://127.0.0.1:1"];
      const env = { ...process.env, AWS_MAX_ATTEMPTS: "1" };
      const said = spawnSync("aws", [...call, ...nowhere], { encoding: "utf8", env });
      expect(said.stderr, call.join(" ")).toContain("Could not connect to the endpoint URL");
    }
  });
});

describe("the command line", () => {
  const installing = (...knows: string[]) => {
    const world = `
answers=(${knows.join(" ")})
round="$(mktemp)"; echo 0 > "$round"
aws() { n="$(cat "$round")"; echo $((n + 1)) > "$round"; return "\${answers[$n]}"; }
command() { [ "$2" = unzip ]; }
install() { :; }; curl() { echo "curl \${*: -1}"; }; unzip() { :; }; hash() { :; }; uname() { echo aarch64; }
`;
    return bash(`${world}${script("InstallCommandLine").replace("/tmp/amint-cis/aws/install", "echo installed")}`);
  };

  it("stays unchanged if it supports scans", () => {
    expect(installing("0")).toMatchObject({ status: 0, stdout: "" });
  });

  it("is replaced by AWS's if it does not", () => {
    expect(installing("1", "0")).toMatchObject({
      status: 0,
      stdout: "curl https://awscli.amazonaws.com/awscli-exe-linux-aarch64.zip\ninstalled --update\n",
    });
  });

  it("that still does not support scans fails", () => {
    expect(installing("1", "1", "0")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("does not support Amazon Inspector's CIS scans"),
    });
  });
});
