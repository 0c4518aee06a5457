import { describe, expect, test } from "vitest";
import { decideUrgency, findUrgent, sayUrgency, watchedRule } from "../../core/advisories/urgency.ts";
import type { ApplicableAdvisory, Trigger } from "../../events/build.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { HOUR, watchOne } from "./watch-one.ts";

const now = new Date("2026-04-01T10:00:00.000Z");
const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
const advisory = (id: string, more: Partial<ApplicableAdvisory>): ApplicableAdvisory => ({
  id,
  severity: "medium",
  cves: ["CVE-2026-1"],
  packages: [{ name: "openssl", architecture: "x86_64", installed: "3.0-1", fixed: "3.0-2" }],
  ...more,
});
const found = { advisory: "ALAS-1", severity: "medium", since: now.toISOString() } as const;
const packages = (...ids: string[]): Trigger => ({
  kind: "packages",
  build,
  advisories: ids.map((id) => advisory(id, {})),
  others: [],
});

test("what is urgent counts, even where the trigger alone would pass it over", () => {
  const trigger = { severity: "important", exploited: "by-severity", epss: 0.9, release: "latest" } as const;

  expect(watchedRule(trigger, undefined)).toEqual({ severity: "important", exploited: "by-severity", epss: 0.9 });
  expect(watchedRule(trigger, { exploited: "always", severity: "critical", epss: 0.5 })).toEqual({
    severity: "important",
    exploited: "always",
    epss: 0.5,
  });
  expect(watchedRule({ ...trigger, epss: undefined }, { severity: "medium" })).toMatchObject({ severity: "medium" });
});

test.each([
  ["an exploited one", { exploited: ["CVE-2026-1"] }, { exploited: "always" }, { exploited: ["CVE-2026-1"] }],
  ["one that likely will be", { epss: 0.6 }, { epss: 0.5 }, { epss: 0.6 }],
  ["a severe one", { severity: "critical" }, { severity: "critical" }, { severity: "critical" }],
] as const)("%s is urgent by its own rule only", (_, more, rule, why) => {
  const one = advisory("ALAS-1", more as Partial<ApplicableAdvisory>);
  const others = [{ exploited: "always" }, { epss: 0.5 }, { severity: "critical" }] as const;

  expect(findUrgent([one], rule, [], now)).toEqual([{ ...found, ...why }]);
  expect(others.filter((other) => findUrgent([one], other, [], now).length > 0)).toEqual([rule]);
  expect(findUrgent([one], undefined, [], now)).toEqual([]);
});

test("an advisory stays urgent since it was first found to be", () => {
  const since = "2026-03-31T00:00:00.000Z";
  const [again] = findUrgent([advisory("ALAS-1", { epss: 0.6 })], { epss: 0.5 }, [{ ...found, since }], now);

  expect(again?.since).toBe(since);
});

describe("a build is urgent", () => {
  const urgent: readonly UrgentAdvisory[] = [{ ...found, exploited: ["CVE-2026-1"] }];
  const decide = (...triggers: Trigger[]) => decideUrgency({ triggers, urgent, parent: undefined });

  test("where an advisory that started it is urgent now, and no longer where its vendor revoked it or rated it lower", () => {
    expect(decide({ kind: "schedule", scheduledTime: now.toISOString() }, packages("ALAS-0", "ALAS-1"))).toBe(
      urgent[0],
    );
    expect(decide(packages("ALAS-0"))).toBeUndefined();
    expect(decideUrgency({ triggers: [packages("ALAS-1")], urgent: [], parent: undefined })).toBeUndefined();
  });

  test("where a person requested it as urgent; a later usual build does not inherit that", () => {
    const asked = { kind: "manual", requestedBy: "ada", reason: "exploited at a customer's" } as const;

    expect(decide({ ...asked, urgent: true })).toEqual({ by: "ada", reason: "exploited at a customer's" });
    expect(decide(asked)).toBeUndefined();
  });

  test("where its parent's build is", () => {
    const parent = { image: "base", urgency: { by: "ada" } };

    const urgency = decideUrgency({ triggers: [], urgent, parent });

    expect(urgency).toEqual({ by: "ada", parent: "base" });
    expect(urgency && sayUrgency(urgency)).toBe("ada asked for it (in its parent base)");
  });
});

test("watch-packages records what is urgent, when a CVE becomes exploited and when its advisory is withdrawn", async () => {
  const installed = [
    { name: "openssl-libs", architecture: "x86_64", epoch: "1", version: "3.2.2", release: "1.amzn2023" },
  ];
  const { look, publish, time, repository } = await watchOne({
    os: "al2023",
    packages: installed as never,
    more: { urgent: { exploited: "always" } },
  });
  const fixed = [{ name: "openssl-libs", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" }];
  publish({ advisory: { id: "ALAS-1", severity: "low", cves: ["CVE-2026-1001"] }, packages: fixed });
  const before = await look();
  time.now += HOUR;
  repository.learn({ at: time.now, cve: "CVE-2026-1001", exploited: true });
  const exploited = await look();
  time.now += HOUR;
  const later = await look();
  repository.withdraw("ALAS-1");
  time.now += HOUR;
  const withdrawn = await look();

  expect([before.urgent, before.announce]).toEqual([[], []]);
  expect(exploited.announce).toMatchObject([{ id: "ALAS-1", exploited: ["CVE-2026-1001"] }]);
  expect(exploited.urgent).toMatchObject([{ advisory: "ALAS-1", severity: "low", exploited: ["CVE-2026-1001"] }]);
  expect(later.urgent).toEqual(exploited.urgent);
  expect(withdrawn.urgent).toEqual([]);
});
