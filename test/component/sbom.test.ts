import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sbom } from "../../core/evidence/manifest.ts";
import { bash, stepsOf } from "./component-steps.ts";

const steps = stepsOf("sbom.yaml");
const work = mkdtempSync(join(tmpdir(), "sbom-"));
afterAll(() => rmSync(work, { recursive: true }));

const writeScript = steps.find(({ name }) => name === "WriteSbom")!.inputs.commands[0]!.replaceAll("/tmp/amint", work);
const run = (before = "") => bash(`${before}\n${writeScript}`);
const readText = () => readFileSync(join(work, "sbom.cdx.json"), "utf8");

const rpmLines = [
  "bash\\t5.2.15-1.amzn2023.0.2\\tx86_64\\t0\\tGPLv3+",
  'libstdc++\\t11.4.1-2.amzn2023\\tx86_64\\t0\\tGPLv3+ with exceptions and "more"',
  "openssl-libs\\t3.0.8-1.amzn2023.0.16\\tx86_64\\t1\\tASL 2.0",
  "gpg-pubkey\\td832c631-6515c85e\\t(none)\\t0\\tpubkey",
];
const anRpmSystem = [
  'command() { [ "$2" != dpkg-query ] && builtin command "$@"; }',
  `rpm() { printf '${rpmLines.join("\\n")}\\n'; }`,
  // The file that the script reads is this machine's.
  '.() { ID=amzn VERSION_ID=2023 PRETTY_NAME="Amazon Linux 2023"; }',
].join("\n");

describe("the bill of materials", () => {
  it("lists each installed package of an rpm system by its package URL, and no signing key", () => {
    expect(run(anRpmSystem)).toMatchObject({ status: 0, stderr: "" });
    const { components, ...rest } = JSON.parse(readText());
    const library = (name: string, version: string, url: string, license: string) => ({
      type: "library",
      "bom-ref": url,
      name,
      version,
      purl: url,
      licenses: [{ license: { name: license } }],
    });
    const found = "arch=x86_64&distro=amzn-2023";
    const openssl = "pkg:rpm/amzn/openssl-libs@3.0.8-1.amzn2023.0.16?arch=x86_64&epoch=1&distro=amzn-2023";
    expect(components).toEqual([
      library("bash", "5.2.15-1.amzn2023.0.2", `pkg:rpm/amzn/bash@5.2.15-1.amzn2023.0.2?${found}`, "GPLv3+"),
      library(
        "libstdc++",
        "11.4.1-2.amzn2023",
        `pkg:rpm/amzn/libstdc%2B%2B@11.4.1-2.amzn2023?${found}`,
        'GPLv3+ with exceptions and "more"',
      ),
      library("openssl-libs", "1:3.0.8-1.amzn2023.0.16", openssl, "ASL 2.0"),
    ]);
    expect(rest).toEqual({
      bomFormat: "CycloneDX",
      specVersion: "1.5",
      serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      version: 1,
      metadata: {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        tools: { components: [{ type: "application", name: "amint-sbom" }] },
        component: {
          type: "operating-system",
          "bom-ref": "os",
          name: "amzn",
          version: "2023",
          description: "Amazon Linux 2023",
        },
      },
    });
  });

  it("lists each installed package of a Debian system once", { tags: "needs/dpkg" }, () => {
    const asked = bash("dpkg-query --show --showformat='${db:Status-Status} ${Package} ${Version}\\n'");
    const installed = asked.stdout.split("\n").filter((line) => line.startsWith("installed "));

    expect(run()).toMatchObject({ status: 0, stderr: "" });
    const components = JSON.parse(readText()).components as Record<string, string>[];
    expect(components.map(({ name, version }) => `installed ${name} ${version}`).toSorted()).toEqual(
      installed.toSorted(),
    );
    expect(new Set(components.map((one) => one["bom-ref"])).size).toBe(components.length);
  });

  it("is valid evidence for the factory", () => {
    run(anRpmSystem);

    expect(sbom.parse(JSON.parse(readText())).components).toHaveLength(3);
  });

  it("is uploaded to the evidence bucket under the id of the instance, and nothing of it is left in the image", () => {
    expect(steps.find(({ name }) => name === "UploadSbom")?.inputs[0]).toEqual({
      source: "/tmp/amint/sbom.cdx.json",
      destination:
        "s3://{{ EvidenceBucket }}/manifests/{{ RoleId }}:{{ build.ReadInstanceId.outputs.stdout }}/sbom.cdx.json",
    });
    expect(steps.at(-1)).toMatchObject({ action: "DeleteFolder", inputs: [{ path: "/tmp/amint" }] });
  });
});
