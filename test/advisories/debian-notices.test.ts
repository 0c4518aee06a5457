import { expect, test } from "vitest";
import { readNotices } from "../../adapters/advisories/debian/read-notices.ts";
import { FeedFailure } from "../../adapters/advisories/feed-failure.ts";
import type { FeedLimits } from "../../adapters/advisories/fetch-file.ts";
import { type Answer, serve } from "./feeds/served.ts";
import { HOUR, watchOne } from "./watch-one.ts";

/** In the form of Debian's security tracker, `data/DSA/list`; written for this test. */
const DSA = `[20 Nov 2026] DSA-6500-2 openssl - regression update
\t[bookworm] - openssl 3.0.17-1~deb12u5
\tNOTE: the first update broke something
[18 Nov 2026] DSA-6500-1 openssl - security update
\t{CVE-2026-1001 CVE-2026-1002}
\t[bookworm] - openssl 3.0.17-1~deb12u4
\t[trixie] - openssl 3.5.4-1~deb13u2
[03 Nov 2026] DSA-6490-1 nginx - security update
\t{CVE-2026-900}
\t[trixie] - nginx <not-affected>
`;
const DLA =
  "[21 Nov 2026] DLA-4400-1 curl - security update\n\t{CVE-2026-1500}\n\t[bookworm] - curl 7.88.1-10+deb12u15\n";

async function read(dsa: Answer, dla: Answer = DLA, codename = "bookworm", limits?: Partial<FeedLimits>) {
  const { url } = await serve(
    new Map([
      ["/DSA/list", dsa],
      ["/DLA/list", dla],
    ]),
  );
  return readNotices({ url, codename, standIn: true }, () => true, limits);
}

const failure = async (...asked: Parameters<typeof read>) => {
  const outcome = await read(...asked).catch((error: unknown) => error);
  if (outcome instanceof FeedFailure) return outcome;
  throw new Error(`it was read: ${JSON.stringify(outcome)}`);
};

test("both of Debian's lists are read, separately for each release", async () => {
  expect(await read(DSA)).toEqual([
    { id: "DSA-6500-2", cves: [], source: "openssl", version: "3.0.17-1~deb12u5" },
    { id: "DSA-6500-1", cves: ["CVE-2026-1001", "CVE-2026-1002"], source: "openssl", version: "3.0.17-1~deb12u4" },
    { id: "DLA-4400-1", cves: ["CVE-2026-1500"], source: "curl", version: "7.88.1-10+deb12u15" },
  ]);
  expect(await read(DSA, DLA, "trixie")).toMatchObject([{ id: "DSA-6500-1", version: "3.5.4-1~deb13u2" }]);
});

test("a missing, truncated, oversized or invalid list is a failure that names it", async () => {
  const cut: Answer = (response) => {
    response.writeHead(200, { "content-length": DSA.length });
    response.write(DSA.slice(0, 100));
    setTimeout(() => response.destroy(), 50);
  };
  const failures = [
    await failure((response) => void response.writeHead(404).end()),
    await failure(cut),
    await failure(DSA, ""),
    await failure("<html>\n<p>Sign in</p></html>"),
    await failure(DSA.repeat(100), DLA, "bookworm", { index: 2_000 }),
    await failure(`\t{CVE-2026-1}\n${DSA}`),
  ];

  expect(failures.map(({ code }) => code)).toEqual([
    "http-status",
    "truncated",
    "truncated",
    "malformed",
    "too-large",
    "malformed",
  ]);
  expect(failures[3]?.message).toMatch(/\/DSA\/list: line 1 is "<html>", not a notice such as "\[20 Aug 2026\]/);
});

const openssl = { name: "libssl3", version: "3.0.17", release: "1~deb12u3", architecture: "amd64", epoch: "0" };
const update = (version: string, id: string, cves: string[]) => ({
  advisory: { id, severity: "unknown" as const, cves },
  packages: [{ name: "libssl3", architecture: "amd64", version, source: "openssl" }],
});

const watchDebian = () => watchOne({ os: "debian-12", packages: [openssl], trigger: { severity: "unknown" } });

test("an update that Debian announced has the notice's id and all CVEs that it fixes", async () => {
  const { publish, time, look } = await watchDebian();
  publish(update("3.0.17-1~deb12u4", "DSA-6500-1", ["CVE-2026-1001"]));
  publish({ at: time.now + HOUR, ...update("3.0.17-1~deb12u5", "DSA-6501-1", ["CVE-2026-1003"]) });

  const first = await look();
  time.now += 2 * HOUR;
  const second = await look();

  expect(first.announce).toMatchObject([
    { id: "DSA-6500-1", severity: "unknown", cves: ["CVE-2026-1001"], packages: [{ name: "libssl3" }] },
  ]);
  expect(second.announce).toMatchObject([{ id: "DSA-6501-1", cves: ["CVE-2026-1001", "CVE-2026-1003"] }]);
  expect(second.open).toMatchObject([{ archive: ["bookworm-security/openssl/3.0.17-1~deb12u5"] }]);
});

test("the kernel's source and its signed copy are one advisory", async () => {
  const { publish, look, installed } = await watchDebian();
  const image = { name: "linux-image-amd64", version: "6.1.190", release: "1", architecture: "amd64" };
  installed.manifest = { packages: [image, { ...image, name: "linux-libc-dev" }] };
  publish({
    advisory: { id: "DLA-4402-1", severity: "unknown", cves: ["CVE-2026-7"] },
    packages: [
      { name: "linux-libc-dev", architecture: "amd64", version: "6.1.192-2", source: "linux" },
      {
        name: "linux-image-amd64",
        architecture: "amd64",
        version: "6.1.192-2",
        source: "linux-signed-amd64 (6.1.192+2)",
      },
    ],
  });

  expect((await look()).announce).toMatchObject([
    { id: "DLA-4402-1", packages: [{ name: "linux-libc-dev" }, { name: "linux-image-amd64" }] },
  ]);
});

test("lists that fail are reported once; what was announced under the archive's id keeps it and gets its CVEs", async () => {
  const { repository, publish, look, failures } = await watchDebian();
  repository.failWith(404, "/debian-tracker/");
  publish(update("3.0.17-1~deb12u4", "DSA-6500-1", ["CVE-2026-1001"]));

  const first = await look();
  await look();
  repository.failWith(undefined);
  const second = await look();
  repository.failWith(404, "/debian-tracker/");
  const third = await look();

  const id = "bookworm-security/openssl/3.0.17-1~deb12u4";
  expect(first.announce).toMatchObject([{ id, cves: [] }]);
  expect(failures()).toMatchObject([{ of: "notices", code: "http-status", images: ["base"] }]);
  expect(second.announce).toMatchObject([{ id, cves: ["CVE-2026-1001"] }]);
  expect(third.announce).toMatchObject([{ id, cves: ["CVE-2026-1001"] }]);
  expect(failures()).toHaveLength(1);
});

test("what was announced under a notice's id keeps it when the archive is read again without the lists", async () => {
  const { repository, publish, time, look } = await watchDebian();
  publish(update("3.0.17-1~deb12u4", "DSA-6500-1", ["CVE-2026-1001"]));
  await look();

  repository.failWith(503, "/debian-tracker/");
  publish({ at: time.now + HOUR, packages: [{ name: "other", architecture: "amd64", version: "1-1" }] });
  time.now += 2 * HOUR;

  expect((await look()).open).toMatchObject([{ id: "DSA-6500-1", cves: ["CVE-2026-1001"] }]);
});

async function watchUpdate(trigger: NonNullable<Parameters<typeof watchOne>[0]["trigger"]>) {
  const watched = await watchOne({ os: "debian-12", packages: [openssl], trigger });
  watched.publish(update("3.0.17-1~deb12u4", "DSA-6015-1", ["CVE-2026-7003"]));
  const ids = async () => (await watched.look()).announce.map(({ id }) => id);
  return { ...watched, ids };
}

test("Debian publishes no severities: with the threshold unknown each of its updates rebuilds", async () => {
  const { ids } = await watchUpdate({ severity: "unknown" });

  expect(await ids()).toEqual(["DSA-6015-1"]);
});

test("with the threshold important, Debian's updates start a rebuild only if exploited, whatever their age", async () => {
  const { ids, repository, time } = await watchUpdate({ severity: "important", exploited: "always" });

  expect(await ids()).toEqual([]);
  time.now += 3 * 24 * HOUR;
  expect(await ids()).toEqual([]);
  repository.learn({ at: time.now, cve: "CVE-2026-7003", exploited: true });
  expect(await ids()).toEqual(["DSA-6015-1"]);
});
