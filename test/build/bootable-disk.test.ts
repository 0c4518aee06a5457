// @module-tag deep
// @module-tag needs/vm
// @module-tag needs/openssl
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { bootDisk } from "component-runner/testing/disk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const AMINT = join(import.meta.dirname, "../../cli/command/amint.mjs");
const CONFIG = join(import.meta.dirname, "../../demo/debian/factory.config.ts");

describe("disk images", () => {
  let folder: string;
  let file: string;
  let summary: { result: string; packages: number; disk: Record<string, string> };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "disk-image-"));
    file = join(folder, "web.qcow2");
    const wanted = ["--config", CONFIG, "--disk-image", file, "--results", join(folder, "results"), "--json"];
    const env = { ...process.env, XDG_CONFIG_HOME: join(folder, "config") };
    const command = [AMINT, "build", "--here", "debian-12-web", ...wanted];
    const { stdout } = await promisify(execFile)(process.execPath, command, { env, maxBuffer: 2 ** 26 }).catch(
      (failed: { readonly stdout: string }) => {
        throw new Error(`It ended with: ${failed.stdout.slice(-3000)}`, { cause: failed });
      },
    );
    summary = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("`build --here --disk-image` passes, and names the files that it wrote", () => {
    expect(summary).toMatchObject({
      result: "passed",
      disk: { file, format: "qcow2", manifest: `${file}.json`, signature: `${file}.json.sig` },
    });
  });

  test("the manifest's signature and checksums are right, and its packages are those of the image", () => {
    const { publicKey = "", signature = "" } = summary.disk;
    const args = ["dgst", "-sha256", "-verify", publicKey, "-signature", signature, `${file}.json`];
    expect(String(execFileSync("openssl", args))).toBe("Verified OK\n");
    const manifest = JSON.parse(readFileSync(`${file}.json`, "utf8"));
    expect(String(execFileSync("sha256sum", [file])).split(" ")[0]).toBe(manifest.checksum.value);
    const { packages } = JSON.parse(readFileSync(`${file}.packages.json`, "utf8"));
    expect(packages).toHaveLength(summary.packages);
    expect(packages.map(({ name }: { name: string }) => name)).toContain("linux-image-cloud-amd64");
  });

  test("it boots in QEMU by UEFI to running services, and its web server answers", async () => {
    const port = await freePort();
    await using booted = await bootDisk(file, "qcow2", port);
    const printed = booted.printed(/login:/);

    expect(await answerOf(`http://127.0.0.1:${port}/health`)).toBe("ok");
    expect(await printed).not.toMatch(/FAILED/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function answerOf(url: string): Promise<string> {
  for (let left = 120; left > 0; left--) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      return (await response.text()).trim();
    } catch {
      await sleep(1000);
    }
  }
  throw new Error(`${url} did not answer`);
}
