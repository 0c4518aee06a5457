import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { manifest } from "../../core/evidence/manifest.ts";
import { bash, stepsOf } from "./component-steps.ts";

const steps = stepsOf("package-manifest.yaml");
const stepNamed = (name: string) => steps.find((step) => step.name === name)!;

const work = mkdtempSync(join(tmpdir(), "package-manifest-"));
afterAll(() => rmSync(work, { recursive: true }));

const listScript = stepNamed("ListPackages").inputs.commands[0]!.replaceAll("/tmp/amint", work);
const runList = (before = "") => bash(`${before}\n${listScript}`);
const readManifest = () => manifest.parse(JSON.parse(readFileSync(join(work, "packages.json"), "utf8")));

describe("the package manifest's component", () => {
  it("lists each installed package of a Debian system", { tags: "needs/dpkg" }, () => {
    const asDpkgSays = bash(
      "dpkg-query --show --showformat='${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\n'",
    );
    const installed = asDpkgSays.stdout.split("\n").filter((line) => line.startsWith("installed\t"));

    expect(runList()).toMatchObject({ status: 0, stderr: "" });
    const listed = readManifest().packages.map(({ name, epoch, version, release, architecture }) =>
      [
        "installed",
        name,
        `${epoch === "0" ? "" : `${epoch}:`}${version}${release ? `-${release}` : ""}`,
        architecture,
      ].join("\t"),
    );
    expect(listed.toSorted()).toEqual(installed.toSorted());
  });

  it("lists each installed package of an rpm system, and no signing key", () => {
    const rpm = [
      "bash\\t0\\t5.2.15\\t1.amzn2023.0.2\\tx86_64\\tbash-5.2.15-1.amzn2023.0.2.src.rpm",
      "openssl-libs\\t1\\t3.0.8\\t1.amzn2023.0.16\\tx86_64\\topenssl-3.0.8-1.amzn2023.0.16.src.rpm",
      "gpg-pubkey\\t0\\td832c631\\t6515c85e\\t(none)\\t(none)",
    ];
    const anRpmSystem = [
      'command() { [ "$2" != dpkg-query ] && builtin command "$@"; }',
      `rpm() { [ "$1" = --querytags ] || printf '${rpm.join("\\n")}\\n'; }`,
    ].join("\n");

    expect(runList(anRpmSystem)).toMatchObject({ status: 0, stderr: "" });
    const common = { architecture: "x86_64", module: null };
    expect(readManifest().packages).toEqual([
      { name: "bash", epoch: "0", version: "5.2.15", release: "1.amzn2023.0.2", source: "bash", ...common },
      { name: "openssl-libs", epoch: "1", version: "3.0.8", release: "1.amzn2023.0.16", source: "openssl", ...common },
    ]);
  });

  it("lists what rpm itself has installed, with the label of its module", { tags: "needs/rpmbuild" }, () => {
    const spec = (name: string, tag: string) =>
      `Name: ${name}\nVersion: 1\nRelease: 2\nEpoch: 3\nBuildArch: noarch\nSummary: s\nLicense: l\n${tag}\n%description\nd\n%files\n`;
    const label = "nodejs:20:8100020240131151218:489197e6";
    const labels = { labelled: `ModularityLabel: ${label}`, plain: "" };
    for (const [name, tag] of Object.entries(labels)) {
      writeFileSync(join(work, `${name}.spec`), spec(name, tag));
      execFileSync("rpmbuild", ["-bb", "--define", `_topdir ${work}/build`, join(work, `${name}.spec`)], {
        stdio: "pipe",
      });
    }
    const database = ["--dbpath", join(work, "db")];
    const files = Object.keys(labels).map((name) => join(work, `build/RPMS/noarch/${name}-1-2.noarch.rpm`));
    execFileSync("rpm", [...database, "--install", "--justdb", "--nodeps", ...files], { stdio: "pipe" });

    const { status } = runList(
      [
        'command() { [ "$2" != dpkg-query ] && builtin command "$@"; }',
        `rpm() { env rpm ${database.join(" ")} "$@"; }`,
      ].join("\n"),
    );

    expect(status).toBe(0);
    expect(readManifest().packages).toEqual(
      Object.keys(labels).map((name) => ({
        name,
        epoch: "3",
        version: "1",
        release: "2",
        architecture: "noarch",
        source: name,
        module: name === "labelled" ? label : null,
      })),
    );
  });

  it("uploads it to the evidence bucket under the id of the instance", () => {
    const upload = stepNamed("UploadManifest");

    expect(upload.action).toBe("S3Upload");
    expect(upload.inputs[0]).toEqual({
      source: "/tmp/amint/packages.json",
      destination:
        "s3://{{ EvidenceBucket }}/manifests/{{ RoleId }}:{{ build.ReadInstanceId.outputs.stdout }}/packages.json",
    });
  });

  it("leaves nothing of it in the image", () => {
    const last = steps.at(-1);

    expect(last).toMatchObject({ action: "DeleteFolder", inputs: [{ path: "/tmp/amint" }] });
  });
});
