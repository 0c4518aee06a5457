// @module-tag deep
// @module-tag needs/namespaces
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunEvent } from "component-runner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONFIG, IMAGE, openExample } from "../../demo/debian/example.ts";
import { runAndList } from "./installed-packages.ts";

const COMMAND = join(import.meta.dirname, "../../cli/command/amint.mjs");

/** What Ubuntu has instead of Debian's. */
const CHANGES = {
  'os: "debian-12"': 'os: "ubuntu-2404"',
  "/aws/service/debian/release/12/latest/amd64":
    "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
  "amint:update-debian": "amint:update-ubuntu",
};

function derive(config: string): string {
  let text = config;
  for (const [debian, ubuntu] of Object.entries(CHANGES)) {
    expect(text).toContain(debian);
    text = text.replace(debian, ubuntu);
  }
  return text;
}

describe("the Debian example's image on Ubuntu 24.04", () => {
  let folder: string;
  let config: string;
  beforeAll(() => {
    // The config's imports lead to this checkout.
    mkdirSync(".amint", { recursive: true });
    folder = mkdtempSync(join(".amint", "ubuntu-"));
    config = join(folder, "factory.config.ts");
    writeFileSync(config, derive(readFileSync(CONFIG, "utf8")));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("build --here passes, with evidence for the gate", async () => {
    const args = ["build", "--here", IMAGE, "--config", config, "--json", "--results", folder];

    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...args], { maxBuffer: 2 ** 26 });

    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({
      type: "summary",
      result: "passed",
      backend: "namespaces",
      tests: { passed: 29, failed: 0, skipped: 0 },
      gate: "passed",
    });
    expect(lines.at(-1).packages).toBeGreaterThan(100);
    expect(lines.filter(({ type, fidelity }) => type === "step" && fidelity !== "real")).toEqual([]);
  });

  test("its manifest lists what dpkg says is installed in the instance that the tests ran on, which booted from the image", async () => {
    const events: RunEvent[] = [];
    await using example = await openExample((event) => events.push(event), config);

    const { result, listed, installed } = await runAndList(example, { report: (event) => events.push(event) });

    expect(result).toMatchObject({ tested: true });
    expect(result.documents.map(({ status }) => status).filter((one) => one !== "success" && one !== "cached")).toEqual(
      [],
    );
    expect(events).toContainEqual({
      type: "stage",
      stage: "test",
      text: "test: a fresh system, booted from the image",
    });
    expect(installed.find((one) => one.startsWith("base-files "))).toMatch(/ 13ubuntu/);
    expect(listed).toEqual(installed);
  });
});
