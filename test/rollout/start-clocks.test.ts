import { expect, test } from "vitest";
import { HOUR, watchOne } from "../advisories/watch-one.ts";

const openssl = {
  name: "openssl",
  epoch: "1",
  version: "3.2.2",
  release: "1.amzn2023",
  architecture: "x86_64",
  source: "openssl",
  module: "",
};

const publication = (id: string, at: number, severity: "low" | "important") => ({
  at,
  os: "al2023" as const,
  advisory: { id, severity, cves: ["CVE-2026-1"] },
  packages: [{ name: "openssl", version: "1:3.2.2-2.amzn2023", architecture: "x86_64" }],
});

test("an advisory's clock starts at the look that finds it, with the vendor's date and what it fixes, and once", async () => {
  const { repository, time, look, clocks } = await watchOne({ os: "al2023", packages: [openssl], rollout: true });
  await look();
  const before = await clocks();
  const issued = time.now + 90 * 60_000;
  repository.publish(publication("ALAS2023-2026-1", issued, "important"));
  repository.publish(publication("ALAS2023-2026-2", issued, "low"));

  time.now += 2 * HOUR;
  const seen = time.now;
  await look();
  time.now += 2 * HOUR;
  await look();

  expect(before).toEqual([]);
  expect(await clocks()).toEqual([
    {
      image: "base",
      channel: "stable",
      advisory: "ALAS2023-2026-1",
      severity: "important",
      cves: ["CVE-2026-1"],
      publishedAt: new Date(issued).toISOString(),
      seenAt: new Date(seen).toISOString(),
      affected: { build: expect.stringContaining("base/1.0.0/1"), startedAt: "2026-03-31T00:00:00Z" },
      fixes: [{ name: "openssl", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" }],
      stillOpen: [],
      milestones: {},
    },
  ]);
});

test("without roll-outs no clock starts", async () => {
  const { repository, time, look, clocks } = await watchOne({ os: "al2023", packages: [openssl] });
  repository.publish(publication("ALAS2023-2026-1", time.now, "important"));
  time.now += HOUR;

  const { announce } = await look();

  expect(announce.map(({ id }) => id)).toEqual(["ALAS2023-2026-1"]);
  expect(await clocks()).toEqual([]);
});
