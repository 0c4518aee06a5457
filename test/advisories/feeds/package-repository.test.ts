import { expect, onTestFinished, test } from "vitest";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import type { Feed } from "../../../core/advisories/feed.ts";
import { feedsOf } from "../../../core/advisories/feeds-of.ts";
import { startPackageRepository } from "../../../local/package-feeds/package-repository.ts";
import { failureOf } from "./served.ts";

const day = 86_400_000;
const start = Date.parse("2026-04-01T00:00:00Z");
const openssl = { name: "openssl-libs", architecture: "x86_64", version: "1:3.2.2-4.amzn2023" };
const advisory = { id: "ALAS2023-2026-1", severity: "important", cves: ["CVE-2026-1"] } as const;

async function repository() {
  const time = { now: start };
  const running = await startPackageRepository({ now: () => time.now });
  onTestFinished(() => running.close());
  const feed = (os: "al2023" | "ubuntu-2404", release = "latest") => {
    const [only] = feedsOf(os, "x86_64", release, running.mirrors);
    return only as Feed;
  };
  const read = (one: Feed, known?: NonNullable<Parameters<typeof readFeed>[1]["known"]>) =>
    readFeed(one, { interested: () => true, now: time.now, known });
  return { ...running, time, feed, read };
}

test("an advisory is in the newest release once published, and never in an older release", async () => {
  const { publish, feed, read, time } = await repository();
  publish({ at: start + day, os: "al2023", advisory, packages: [openssl] });

  const before = await read(feed("al2023"));
  time.now += day;
  const after = await read(feed("al2023"));
  const older = await read(feed("al2023", "2023.10.20260401"));

  expect(before).toMatchObject({ kind: "read", advisories: [] });
  expect(after).toMatchObject({
    advisories: [{ ...advisory, fixes: [openssl] }],
    revision: { url: expect.stringContaining("/guids/2023.10.20260402/x86_64/repodata/repomd.xml") },
  });
  expect(older).toMatchObject({ advisories: [] });
  expect((await failureOf(feed("al2023", "2023.10.20260403"))).code).toBe("http-status");
});

test("Ubuntu's pocket has a package in its newest version", async () => {
  const { publish, feed, read, newest } = await repository();
  const at = (version: string) => ({ name: "libssl3t64", architecture: "amd64", version, source: "openssl" });
  publish({ at: start - day, os: "ubuntu-2404", packages: [at("3.0.13-0ubuntu3.9")] });
  publish({ at: start - 2 * day, os: "ubuntu-2404", packages: [at("3.0.13-0ubuntu3.7")] });

  expect(await read(feed("ubuntu-2404"))).toMatchObject({
    advisories: [{ id: "noble-security/openssl/3.0.13-0ubuntu3.9", fixes: [{ version: "3.0.13-0ubuntu3.9" }] }],
  });
  expect(newest("ubuntu-2404").get("libssl3t64")?.version).toBe("3.0.13-0ubuntu3.9");
});

test("unchanged files are neither sent nor read again", async () => {
  const { publish, feed, read, requests, time } = await repository();
  for (const os of ["al2023", "ubuntu-2404"] as const) {
    const first = await read(feed(os));
    if (first.kind !== "read") throw new Error("nothing was read");
    const sent = requests.length;

    expect(await read(feed(os), first.revision)).toEqual({ kind: "unchanged" });
    expect(requests.slice(sent).at(-1)).toMatchObject({ status: 304 });

    const { etag: _, lastModified: __, ...withoutValidators } = first.revision;
    expect(await read(feed(os), withoutValidators)).toEqual({ kind: "unchanged" });

    time.now += day;
    publish({ at: time.now, os, advisory, packages: [{ ...openssl, architecture: "amd64" }] });
    expect(await read(feed(os), first.revision), os).toMatchObject({ kind: "read", advisories: [{ fixes: [{}] }] });
  }
});
