import { expect, test } from "vitest";
import { HOUR, watchOne } from "./watch-one.ts";

const packages = [{ name: "libssl3", architecture: "amd64", version: "3.0.17", release: "1~deb12u2" }];

async function openssl(trigger: NonNullable<Parameters<typeof watchOne>[0]["trigger"]>) {
  const watched = await watchOne({ os: "debian-12", packages, trigger });
  const cve = "CVE-2026-7003";
  watched.repository.publish({
    at: watched.time.now,
    os: "debian-12",
    advisory: { id: "DSA-6015-1", severity: "unknown", cves: [cve] },
    packages: [{ name: "libssl3", source: "openssl", version: "3.0.17-1~deb12u3", architecture: "amd64" }],
  });
  const ids = async () => (await watched.look()).announce.map(({ id }) => id);
  return { ...watched, cve, ids };
}

test("Debian publishes no severities: with the threshold unknown each of its updates rebuilds", async () => {
  const { ids } = await openssl({ severity: "unknown" });

  expect(await ids()).toEqual(["DSA-6015-1"]);
});

test("with the threshold important, Debian's updates start a rebuild only if exploited, whatever their age", async () => {
  const { ids, repository, time, cve } = await openssl({ severity: "important", exploited: "always" });

  expect(await ids()).toEqual([]);
  time.now += 3 * 24 * HOUR;
  expect(await ids()).toEqual([]);
  repository.learn({ at: time.now, cve, exploited: true });
  expect(await ids()).toEqual(["DSA-6015-1"]);
});
