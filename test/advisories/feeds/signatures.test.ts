import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPublicKeys } from "../../../adapters/advisories/openpgp/signature.ts";
import { readClearsigned } from "../../../adapters/advisories/openpgp/verify-signature.ts";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import { debianKeys, ubuntuKeys, ubuntuProKeys } from "../../../core/advisories/vendor-keys.ts";
import { anything, debianFeed, debianFiles, failureOf, now, rpmFeed, rpmFiles, serve } from "./served.ts";

const lists = globSync("/var/lib/apt/lists/*_dists_bookworm-security_InRelease");

/** GnuPG with a new key. */
function gpg(algorithm: string) {
  const home = mkdtempSync(join(tmpdir(), "amint-gpg-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const run = (args: string[], input = ""): string =>
    execFileSync(
      "gpg",
      ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", ...args],
      { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] },
    );
  run(["--quick-generate-key", "archive@example.com", algorithm, "sign", "never"]);
  return { run, key: run(["--armor", "--export"]) };
}

const packages = "Package: bash\nArchitecture: amd64\nVersion: 5.2-1\n";
const inRelease = "/dists/test-security/InRelease";

for (const algorithm of ["rsa3072", "ed25519"]) {
  test(`an archive signed by gpg with ${algorithm} is read, a tampered or foreign one is not`, {
    tags: "needs/gpg",
  }, async () => {
    const { run, key } = gpg(algorithm);
    const files = debianFiles(`${packages}- dashed: line\n`);
    const release = `${files.get(inRelease)}Description: spaces at the end  \n- a dash\n`;
    const signed = run(["--clearsign"], release);
    const { url } = await serve(files);
    const answered = async (text: string, keys: string[]) => {
      files.set(inRelease, text);
      return keys.length > 0 ? failureOf(debianFeed(url, { keys })) : undefined;
    };

    files.set(inRelease, signed);
    expect(await readFeed(debianFeed(url, { keys: [gpg("rsa3072").key, key] }), anything)).toMatchObject({
      advisories: [{ id: "test-security/bash/5.2-1" }],
    });

    const changed = signed.replace("Description: spaces", "Description: Spaces");
    expect(await answered(changed, [key])).toMatchObject({
      code: "bad-signature",
      message: expect.stringContaining("does not match its content"),
    });
    const foreign = await answered(signed, [ubuntuKeys[0] ?? ""]);
    expect(foreign).toMatchObject({
      code: "bad-signature",
      message: expect.stringContaining("expected a signature by F6ECB3762474EDA9D21B7022871920D1991BC93C"),
    });
    expect(await answered(release, [key])).toMatchObject({ code: "bad-signature" });
    expect(await answered(`${release}\n${signed}`, [key])).toMatchObject({ code: "bad-signature" });
    expect(await answered(signed.slice(0, -80), [key])).toMatchObject({ code: "bad-signature" });
    expect(await answered(signed, ["not a key"])).toMatchObject({ code: "unusable-key" });
  });

  test(`a repomd.xml signed by gpg with ${algorithm} is read, another one is not`, { tags: "needs/gpg" }, async () => {
    const { run, key } = gpg(algorithm);
    const files = rpmFiles('<updates><update type="security"><id>A</id></update></updates>');
    const repomd = String(files.get("/repodata/repomd.xml"));
    files.set("/repodata/repomd.xml.asc", run(["--armor", "--detach-sign"], repomd));
    const { url } = await serve(files);

    expect(await readFeed(rpmFeed(url, [key]), anything)).toMatchObject({ kind: "read" });

    files.set("/repodata/repomd.xml", `${repomd} `);
    expect((await failureOf(rpmFeed(url, [key]))).code).toBe("bad-signature");
    files.delete("/repodata/repomd.xml.asc");
    expect((await failureOf(rpmFeed(url, [key]))).code).toBe("http-status");
  });
}

test("a signature that has ended, or is made with SHA-1, counts for nothing", { tags: "needs/gpg" }, () => {
  const { run, key } = gpg("rsa3072");
  const text = "Suite: x\n";
  const read = (signed: string, at: number) => readClearsigned("file", signed, [key], at);
  const short = run(["--default-sig-expire", "seconds=60", "--clearsign"], text);
  expect(read(short, Date.now())).toBe(text.trimEnd());
  expect(() => read(short, Date.now() + 120_000)).toThrow("file: ");
  const weak = run(["--digest-algo", "SHA1", "--allow-weak-digest-algos", "--clearsign"], text);
  expect(() => read(weak, Date.now())).toThrow("no supported signature");
});

test("the vendors' keys match their comments", () => {
  const source = readFileSync("core/advisories/vendor-keys.ts", "utf8");
  const named = [...source.matchAll(/\/\/ ([0-9A-F]{40})$/gm)].map(([, fingerprint]) => fingerprint);
  const computed = [...ubuntuKeys, ...ubuntuProKeys, ...debianKeys]
    .flatMap(readPublicKeys)
    .map(({ fingerprint }) => fingerprint);
  expect(computed).toEqual(named);
  expect(named).toContain("F6ECB3762474EDA9D21B7022871920D1991BC93C");
});

test("Debian's own security archive is signed by Debian's key", { tags: "needs/apt-lists" }, () => {
  const message = readFileSync(lists[0] ?? "", "utf8");
  expect(readClearsigned("InRelease", message, debianKeys, now)).toMatch(/^Origin: Debian\n/);
  expect(() => readClearsigned("InRelease", message.replace("Origin: D", "Origin: d"), debianKeys, now)).toThrow(
    "InRelease",
  );
  expect(() => readClearsigned("InRelease", message, ubuntuKeys, now)).toThrow("expected a signature by");
});
