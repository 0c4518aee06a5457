// @module-tag deep
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../cli/component/run/run-events.ts";
import { namespaces } from "../../cli/system/namespaces/namespaces.ts";
import type { System } from "../../cli/system/system.ts";
import { manifest } from "../../core/evidence/manifest.ts";
import { type Example, openExample } from "../../demo/debian/example.ts";
import { hardeningOf, leaveOut } from "../../demo/debian/left-out.ts";

const HARDENING = [
  "amint:harden-ssh",
  "amint:harden-accounts",
  "demo/debian/components/harden-files.yaml",
  "demo/debian/components/harden-network.yaml",
  "demo/debian/components/harden-nginx.yaml",
];

const missing = await namespaces.missing();
const title = missing.length > 0 ? `skipped, missing ${missing.join("; ")}` : "in namespaces";

describe.skipIf(missing.length > 0)(`the Debian example (${title})`, () => {
  const events: RunEvent[] = [];
  let example: Example;
  beforeAll(async () => {
    example = await openExample((event) => events.push(event));
  }, 600_000);
  afterAll(() => example?.[Symbol.asyncDispose]());

  test("passes with every step carried out for real, and its manifest lists what dpkg says is installed", async () => {
    const uploads = new Map<string, string>();
    let installed = "";

    const result = await example.run({
      cache: false,
      aws: {
        ...example.aws,
        async putObject(bucket, key, content) {
          await example.aws.putObject(bucket, key, content);
          uploads.set(key.slice(key.lastIndexOf("/") + 1), new TextDecoder().decode(content));
        },
      },
      atEnd: async (system) => {
        installed = await outputOf(system, "dpkg-query --show --showformat='${Package} ${Version} ${Architecture}\\n'");
      },
    });

    expect(result.documents.filter(({ status }) => status !== "success")).toEqual([]);
    expect(result.documents.flatMap(({ steps }) => steps).filter(({ fidelity }) => fidelity !== "real")).toEqual([]);
    expect(result).toMatchObject({ restarts: 1, tested: true });
    const { packages } = manifest.parse(JSON.parse(uploads.get("packages.json") ?? ""));
    const listed = packages.map(
      ({ name, epoch, version, release, architecture }) =>
        `${name} ${Number(epoch) > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""} ${architecture}`,
    );
    expect(listed.toSorted()).toEqual(installed.trim().split("\n").toSorted());
  });

  test("its hardening components are those that are left out below", () => {
    expect(hardeningOf(example)).toEqual(HARDENING);
  });

  for (const component of HARDENING) {
    test(`without ${component} every step of its tests fails, and no other test`, async () => {
      const found = await leaveOut(example, component);

      expect(found).toMatchObject({ unnoticed: [], others: [] });
      expect(found.noticed.length).toBeGreaterThanOrEqual(5);
    });
  }
});

async function outputOf(system: System, script: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const onOutput = (chunk: Uint8Array) => void chunks.push(chunk);
  await system.run({ script, onOutput });
  return Buffer.concat(chunks).toString();
}
