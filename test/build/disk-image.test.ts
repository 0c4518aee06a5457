import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Backend, backends } from "component-runner";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toWantedDisk, writeDiskImage } from "../../cli/build/disk-image.ts";
import { openSigningKey } from "../../cli/build/signing-key.ts";

const namespaces = backends[0]!;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "disk-image-"));
  vi.stubEnv("XDG_CONFIG_HOME", join(folder, "config"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const image = { root: "root", from: "image", limits: { memoryMiB: 1, processes: 1, diskMiB: 1 } };
const facts = {
  factory: "acme",
  image: "web",
  os: "debian-12",
  architecture: "x86_64",
  evidence: {
    packagesDigest: "sha256:0",
    gate: "passed" as const,
    notJudged: ["cve-scan"],
    tests: { passed: 3, failed: 0, skipped: 0 },
  },
  written: new Map([["sbom.cdx.json", Buffer.from("{}")]]),
};
const backend: Backend = { ...namespaces, writeDisk: async (_, file) => writeFileSync(file, "a disk") };
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

test("a disk image has a signed manifest beside it, which openssl verifies as docs/real-runs.md says", {
  tags: "needs/openssl",
}, async () => {
  const key = openSigningKey(undefined);

  const disk = await writeDiskImage(backend, image, toWantedDisk(join(folder, "web.raw")), key, facts);

  expect(disk).toMatchObject({ format: "raw", size: 6, sha256: sha256("a disk") });
  expect(JSON.parse(readFileSync(disk.manifest, "utf8"))).toMatchObject({
    schema: "amint-disk/1",
    image: "web",
    file: "web.raw",
    checksum: { algorithm: "SHA-256", value: sha256("a disk") },
    evidence: { gate: "passed", files: [{ file: "web.raw.sbom.cdx.json", sha256: sha256("{}") }] },
  });
  const args = ["dgst", "-sha256", "-verify", disk.publicKey, "-signature", disk.signature];
  expect(String(execFileSync("openssl", [...args, disk.manifest]))).toBe("Verified OK\n");
  writeFileSync(disk.manifest, readFileSync(disk.manifest, "utf8").replace("web.raw", "bad.raw"));
  expect(() => execFileSync("openssl", [...args, disk.manifest], { stdio: "pipe" })).toThrow("Command failed");
});

test("a key is made once, readable by its owner only", () => {
  const first = openSigningKey(undefined);
  const second = openSigningKey(undefined);

  expect(statSync(join(folder, "config/amint/disk-signing-key.pem")).mode & 0o777).toBe(0o600);
  const text = "said";
  expect(verify("sha256", Buffer.from(text), readFileSync(first.publicKeyFile), second.sign(text))).toBe(true);
});

test("a given key signs", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = join(folder, "own.pem");
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));

  const { sign, publicKeyFile } = openSigningKey(file);

  expect(publicKeyFile).toBe(join(folder, "own.pub.pem"));
  expect(verify("sha256", Buffer.from("x"), createPublicKey(privateKey), sign("x"))).toBe(true);
});

test.each([
  ["no key", "not a key at all"],
  [
    "a key that cannot sign SHA-256",
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
])("%s is refused, with what is valid", (_, content) => {
  writeFileSync(join(folder, "key.pem"), content);

  expect(() => openSigningKey(join(folder, "key.pem"))).toThrow(
    /key\.pem is not a signing key: .+ Valid is a private key in PEM, RSA or elliptic curve\./,
  );
});

test("a file that ends in .qcow2 becomes QCOW2", { tags: "needs/qemu-img" }, () => {
  expect(toWantedDisk(join(folder, "web.qcow2")).format).toBe("qcow2");
});

test("a file's name says its format, and no file is replaced", () => {
  writeFileSync(join(folder, "there.raw"), "");

  expect(toWantedDisk(join(folder, "web.img")).format).toBe("raw");
  expect(() => toWantedDisk("web.vmdk")).toThrow("Name a file that ends in .raw, .img, .qcow2.");
  expect(() => toWantedDisk(join(folder, "there.raw"))).toThrow("there.raw already exists.");
  expect(() => toWantedDisk(join(folder, "none/web.raw"))).toThrow(/The folder .*none does not exist\./);
});

test("where the disk cannot be written, nothing of it is left", async () => {
  const failing: Backend = {
    ...namespaces,
    async writeDisk(_, file) {
      writeFileSync(file, "half");
      throw new Error("no space");
    },
  };
  const wanted = { file: join(folder, "web.qcow2"), format: "qcow2" as const };

  await expect(writeDiskImage(failing, image, wanted, openSigningKey(undefined), facts)).rejects.toThrow("no space");

  expect(readdirSync(folder)).toEqual(["config"]);
});

test("an interrupted run leaves no files of its disk", async () => {
  const controller = new AbortController();
  const interrupted: Backend = {
    ...namespaces,
    async writeDisk(_, file) {
      writeFileSync(file, "a disk");
      controller.abort(new Error("interrupted"));
    },
  };
  const wanted = toWantedDisk(join(folder, "web.raw"));
  const written = writeDiskImage(
    interrupted,
    { ...image, signal: controller.signal },
    wanted,
    openSigningKey(undefined),
    facts,
  );

  await expect(written).rejects.toThrow("interrupted");
  expect(readdirSync(folder)).toEqual(["config"]);
});
