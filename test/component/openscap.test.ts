import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCisResult } from "../../adapters/evidence/cis-results.ts";
import { bash, stepsOf } from "./component-steps.ts";

const benchmark = new URL("fixtures/benchmark.xml", import.meta.url);
const sha256 = createHash("sha256").update(readFileSync(benchmark)).digest("hex");
const steps = stepsOf("openscap.yaml");

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "openscap-"));
});
afterEach(() => rmSync(work, { recursive: true }));

const script = (name: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce(
    (text, [key, value]) => text.replaceAll(`{{ ${key} }}`, value),
    steps.find((step) => step.name === name)!.inputs.commands[0]!.replaceAll("/tmp/amint-cis", work),
  );
const evaluate = (profile: string) =>
  bash(script("EvaluateBenchmark", { Profile: `xccdf_org.example_profile_${profile}` }));
const read = () => readCisResult("cis-results.xml.gz", readFileSync(join(work, "cis-results.xml.gz")));

describe("the benchmark's content", () => {
  const fetching = (hash: string) => {
    const values = { ContentUrl: "https://example.com/benchmark.xml", ContentSha256: hash };
    return bash(`curl() { cp '${benchmark.pathname}' '${work}/benchmark.xml'; }\n${script("FetchBenchmark", values)}`);
  };

  it("is taken where it is the pinned one", () => {
    expect(fetching(sha256)).toMatchObject({ status: 0, stderr: "" });
  });

  it("is refused where it is another one", () => {
    const { status, stderr } = fetching("0".repeat(64));

    expect(status).toBe(1);
    expect(stderr).toContain(
      `the benchmark at https://example.com/benchmark.xml is not the one with SHA-256 ${"0".repeat(64)}`,
    );
  });
});

describe("the evaluation, by the oscap of this machine", { tags: "needs/oscap" }, () => {
  beforeEach(() => copyFileSync(benchmark, join(work, "benchmark.xml")));

  it("continues if rules fail, and writes a result that the factory can read", async () => {
    expect(evaluate("level1")).toMatchObject({ status: 0, stderr: "" });

    expect(await read()).toMatchObject({
      profile: "xccdf_org.example_profile_level1",
      checks: 3,
      failed: [{ rule: "xccdf_org.example_rule_windows" }, { rule: "xccdf_org.example_rule_lost" }],
    });
  });

  it("without selected rules succeeds too, and its result has no checks", async () => {
    expect(evaluate("empty")).toMatchObject({ status: 0 });

    expect(await read()).toMatchObject({ checks: 0, failed: [] });
  });

  it("fails for an unknown profile, in oscap's words", () => {
    const { status, stdout, stderr } = evaluate("nowhere");

    expect(status).toBe(1);
    expect(stdout).toContain("No profile matching");
    expect(stderr).toBe("oscap exited with 1\n");
  });
});

describe("the openscap component", () => {
  it("uploads the result under the id of the test's instance", () => {
    expect(steps.at(-1)?.inputs[0]).toEqual({
      source: "/tmp/amint-cis/cis-results.xml.gz",
      destination:
        "s3://{{ EvidenceBucket }}/manifests/{{ RoleId }}:{{ test.ReadInstanceId.outputs.stdout }}/cis-results.xml.gz",
    });
  });

  it.each([
    ["Ubuntu 24.04", "openscap-scanner", "openscap-scanner"],
    ["Ubuntu 22.04, which has it in its library's package", "", "libopenscap8"],
  ])("installs the scanner of %s", (_os, found, installed) => {
    const system = [
      'command() { [ "$2" = apt-get ]; }',
      `apt-cache() { echo '${found}'; }`,
      'apt-get() { echo "apt-get $*"; }',
      "oscap() { :; }",
    ].join("\n");

    const { stdout, stderr } = bash(`${system}\n${script("InstallScanner", {})}`);

    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").at(-1)).toBe(
      `apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends ${installed}`,
    );
  });

  it("installs the scanner of Amazon Linux", () => {
    const system = 'command() { false; }\ndnf() { echo "dnf $*"; }\noscap() { :; }';

    expect(bash(`${system}\n${script("InstallScanner", {})}`).stdout).toBe(
      "dnf --assumeyes install openscap-scanner\n",
    );
  });
});
