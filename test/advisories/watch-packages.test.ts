import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import { busName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import type { Publication } from "../../local/package-feeds/publication.ts";
import { important, startWatched, type Watched } from "./watching.ts";

const openssl = { "openssl-libs": "1:3.2.2-9" };

async function withPromotedBase(options?: Parameters<typeof startWatched>[0]) {
  const watched = await startWatched(options);
  await watched.request("al2023-base");
  await watched.until(26);
  return watched;
}

describe("an advisory that applies to what a promoted build has installed", () => {
  test("rebuilds the image once, however often it is seen, and says since when", async () => {
    const watched = await withPromotedBase();
    watched.publish(30, important("ALAS2023-2026-1"), openssl);

    await watched.until(34);
    const [first] = watched.said("build.started", "al2023-base");
    for (let n = 0; n < 3; n++) await watched.send("watch-packages", { image: "al2023-base" });
    await watched.until(100);

    expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-1"]);
    expect(watched.said("package.updated", "al2023-base")).toMatchObject([
      {
        build: first?.build,
        advisories: [
          {
            id: "ALAS2023-2026-1",
            severity: "important",
            cves: ["CVE-2026-1"],
            packages: [
              {
                name: "openssl-libs",
                installed: "1:3.2.2-1.amzn2023",
                fixed: "1:3.2.2-9.amzn2023",
                since: first?.build,
              },
            ],
          },
        ],
        others: [],
      },
    ]);
    expect(watched.said("trigger.suppressed", "al2023-base")).toEqual([]);
  });

  test("is not announced while a build is under way that may have the fix, nor while that is being promoted", {
    tags: "deep",
  }, async () => {
    const watched = await withPromotedBase();
    watched.publish(30, important("ALAS2023-2026-1"), openssl);
    await watched.until(30);
    await watched.request("al2023-base");

    await watched.until(30.3);
    await watched.send("watch-packages", {});
    await watched.until(60);

    expect(watched.builtFor("al2023-base")).toEqual(["manual", "manual"]);
    expect(watched.said("package.updated", "al2023-base")).toEqual([]);
  });

  test("is announced again if the event was lost", { tags: "deep" }, async () => {
    const watched = await withPromotedBase();
    const events = new EventBridgeClient(watched.options);
    const rule = { Name: `amint-${factory.name}-package-updated`, EventBusName: busName(factory.name) };
    watched.publish(30, important("ALAS2023-2026-1"), openssl);

    await events.send(new DisableRuleCommand(rule));
    await watched.until(33);
    const lost = watched.said("package.updated", "al2023-base").length;
    await events.send(new EnableRuleCommand(rule));
    await watched.until(40);

    expect(lost).toBeGreaterThan(0);
    expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-1"]);
  });

  test("is reported once as unfixed if the rebuild did not fix it, and starts no further rebuild", {
    tags: "deep",
  }, async () => {
    const watched = await withPromotedBase({ upgrades: false });
    watched.publish(30, important("ALAS2023-2026-1"), openssl);

    await watched.until(130);

    expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-1"]);
    const told = watched.said("trigger.suppressed", "al2023-base");
    expect(told).toMatchObject([{ code: "unfixed", decision: "never", triggers: [{ kind: "packages" }] }]);
    expect(told[0]?.reason).toMatch(/^still applies to build (\S+\/2), although build \1 was started because of it$/);
  });

  test("below the threshold is reported once, with its packages", { tags: "deep" }, async () => {
    const watched = await withPromotedBase();
    watched.publish(30, { ...important("ALAS2023-2026-1"), severity: "medium" }, openssl);

    await watched.until(60);

    expect(watched.builtFor("al2023-base")).toEqual(["manual"]);
    expect(watched.said("trigger.suppressed", "al2023-base")).toMatchObject([
      {
        code: "passed-over",
        reason: "medium is below the image's threshold important",
        triggers: [{ kind: "packages", advisories: [{ id: "ALAS2023-2026-1" }] }],
      },
    ]);
  });
});

test("an update of a parent's package rebuilds the parent, one of the child's package only the child", {
  tags: "deep",
}, async () => {
  const watched = await withPromotedBase();
  await watched.until(56);
  watched.publish(57, important("ALAS2023-2026-1"), openssl);
  watched.publish(57, important("ALAS2023-2026-2"), { nginx: "1:1.30.0-1" });

  await watched.until(60);

  expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-1"]);
  expect(watched.builtFor("al2023-web")).toEqual(["parent", "ALAS2023-2026-2"]);
  expect(watched.said("trigger.suppressed", "al2023-web")).toMatchObject([
    { code: "passed-over", reason: "comes with its parent al2023-base" },
  ]);
});

test("a failing feed is reported once and starts nothing; the others continue, and nothing is missed when it recovers", {
  tags: "deep",
}, async () => {
  const watched = await startWatched();
  await watched.request("al2023-base");
  await watched.request("ubuntu-2404-base");
  await watched.until(26);
  watched.failWith(503);
  watched.publish(30, important("ALAS2023-2026-1"), openssl);
  watched.repository.publish({
    at: watched.clock.now(),
    os: "ubuntu-2404",
    advisory: important("USN-1-1"),
    packages: [{ name: "libssl3t64", version: "3.0.13-0ubuntu3.99", architecture: "amd64", source: "openssl" }],
  });

  await watched.until(40);
  const meanwhile = watched.builtFor("al2023-base");
  watched.failWith(undefined);
  await watched.until(44);
  watched.failWith(500);
  await watched.until(50);

  const failures = watched.events.filter(({ detailType }) => detailType === "feed.failed");
  expect(failures.map(({ detail }) => detail)).toMatchObject([
    { feed: expect.stringContaining("/al2023/"), images: ["al2023-base"], code: "http-status" },
    { feed: expect.stringContaining("/al2023/"), images: ["al2023-base"], code: "http-status" },
  ]);
  expect(meanwhile).toEqual(["manual"]);
  expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-1"]);
  expect(watched.builtFor("ubuntu-2404-base")).toEqual(["manual", "noble-security/openssl/3.0.13-0ubuntu3.99"]);
});

describe("an update of Ubuntu's", { tags: "deep" }, () => {
  const libssl = (version: string) => ({ name: "libssl3t64", version, architecture: "amd64", source: "openssl" });
  async function withPromotedUbuntu() {
    const watched = await startWatched();
    await watched.request("ubuntu-2404-base");
    await watched.until(28);
    const publish = (version: string, advisory?: Publication["advisory"]) =>
      watched.repository.publish({
        at: watched.clock.now(),
        os: "ubuntu-2404",
        ...(advisory && { advisory }),
        packages: [libssl(`3.0.13-0ubuntu3.${version}`)],
      });
    return { ...watched, publish };
  }
  const failures = ({ events }: Pick<Watched, "events">) =>
    events.filter(({ detailType }) => detailType === "feed.failed").map(({ detail }) => detail);

  test("starts a rebuild at once if Canonical rates it urgent, and is reported otherwise", async () => {
    const watched = await withPromotedUbuntu();
    watched.publish("98", { ...important("USN-1-1"), severity: "medium" });
    await watched.until(34);
    const after = watched.builtFor("ubuntu-2404-base");
    watched.publish("99", { ...important("USN-2-1"), cves: ["CVE-2026-2"] });
    await watched.until(40);

    expect(after).toEqual(["manual"]);
    expect(watched.said("trigger.suppressed", "ubuntu-2404-base")).toMatchObject([
      { code: "passed-over", reason: "medium is below the image's threshold important" },
    ]);
    expect(watched.said("package.updated", "ubuntu-2404-base")).toMatchObject([
      {
        advisories: [
          {
            id: "noble-security/openssl/3.0.13-0ubuntu3.99",
            severity: "important",
            // What the promoted build lacks of the former update is fixed by this one, too.
            cves: ["CVE-2026-1", "CVE-2026-2"],
          },
        ],
      },
    ]);
    expect(watched.builtFor("ubuntu-2404-base")).toEqual(["manual", "noble-security/openssl/3.0.13-0ubuntu3.99"]);
  });

  test("counts as important after a day without an OSV record, and by the record if one appears", async () => {
    const watched = await withPromotedUbuntu();
    watched.publish("99");
    await watched.until(50);
    const before = watched.builtFor("ubuntu-2404-base");
    await watched.until(60);

    expect(before).toEqual(["manual"]);
    expect(watched.said("trigger.suppressed", "ubuntu-2404-base")).toMatchObject([
      { code: "passed-over", reason: expect.stringMatching(/^its severity is unknown; from .* UTC on it counts/) },
    ]);
    expect(watched.said("package.updated", "ubuntu-2404-base")).toMatchObject([
      { advisories: [{ severity: "unknown", cves: [] }] },
    ]);
    expect(watched.builtFor("ubuntu-2404-base")).toEqual(["manual", "noble-security/openssl/3.0.13-0ubuntu3.99"]);
  });

  test("waits while OSV fails, which is reported once, and starts a rebuild once OSV rates it urgent", async () => {
    const watched = await withPromotedUbuntu();
    watched.repository.failWith(503, "/osv/");
    watched.publish("99", important("USN-1-1"));
    await watched.until(40);
    const meanwhile = watched.builtFor("ubuntu-2404-base");
    watched.repository.failWith(undefined);
    await watched.until(46);

    expect(failures(watched)).toMatchObject([
      {
        feed: expect.stringContaining("/osv/v1/query"),
        of: "severities",
        images: ["ubuntu-2404-base"],
        code: "http-status",
      },
    ]);
    expect(meanwhile).toEqual(["manual"]);
    expect(watched.builtFor("ubuntu-2404-base")).toEqual(["manual", "noble-security/openssl/3.0.13-0ubuntu3.99"]);
  });
});

test("a package of incomplete version starts nothing, is reported once, and hides no other", {
  tags: "deep",
}, async () => {
  const watched = await withPromotedBase({ upgrades: true, vague: "glibc" });
  watched.publish(30, important("ALAS2023-2026-1"), { glibc: "2.34-999" });
  watched.publish(30, important("ALAS2023-2026-2"), openssl);

  await watched.until(70);

  expect(
    watched.events.filter(({ detailType }) => detailType === "feed.failed").map(({ detail }) => detail),
  ).toMatchObject([
    {
      feed: expect.stringContaining("/al2023/"),
      images: ["al2023-base"],
      code: "unjudged",
      reason: "ALAS2023-2026-1: glibc.x86_64: its installed version is not fully known",
    },
    // The web server's build has its own manifest.
    { images: ["al2023-web"], code: "unjudged" },
  ]);
  expect(watched.builtFor("al2023-base")).toEqual(["manual", "ALAS2023-2026-2"]);
});

test("an unchanged feed is only requested conditionally", { tags: "deep" }, async () => {
  const watched = await withPromotedBase();
  await watched.until(30);
  const before = watched.repository.requests.length;

  await watched.until(50);

  const since = watched.repository.requests.slice(before).filter(({ path }) => path.startsWith("/al2023/"));
  expect(since.filter(({ path }) => path.includes("updateinfo"))).toEqual([]);
  expect(since.filter(({ path, status }) => path.endsWith("repomd.xml") && status === 304).length).toBeGreaterThan(5);
});
