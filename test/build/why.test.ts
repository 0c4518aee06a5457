// @module-tag deep
import { expect, test } from "vitest";
import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import { addPending, recordHeld } from "../../adapters/build/claims.ts";
import { recordSuppressed } from "../../adapters/build/reasons.ts";
import { pointChannel } from "../../adapters/channel/channels.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { recordMove } from "../../adapters/promotion/promotion.ts";
import { openLedger, readBlueprint } from "../../cli/command/open-ledger.ts";
import type { Trigger } from "../../events/build.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";
import { withEnv } from "../world/with-env.ts";

const arn = (image: string, version: string) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/${version}`);

const advisory = (id: string): Trigger => ({
  kind: "packages",
  build: arn("al2023-base", "1.0.0/3"),
  advisories: [
    {
      id,
      severity: "important",
      cves: ["CVE-2026-1001"],
      packages: [
        {
          name: "openssl",
          architecture: "x86_64",
          installed: "3.0.8-1",
          fixed: "3.0.8-4",
          since: arn("al2023-base", "1.0.0/3"),
        },
      ],
    },
  ],
  others: [],
});

async function ledgerOf({ env }: FactoryOnAPort): Promise<Ledger> {
  withEnv(env);
  return openLedger(await readBlueprint());
}

/** Builds 1.0.0/3 and /4 of al2023-base, the newer one for an advisory, and 1.0.0/3 of ubuntu-2404-base. */
async function remember(ledger: Ledger): Promise<void> {
  const ada: Trigger = { kind: "manual", requestedBy: "ada", reason: "the first one" };
  const builds = [
    { image: "al2023-base", version: "1.0.0/3", triggers: [ada], startedAt: "2026-04-01T08:00:00Z" },
    {
      image: "al2023-base",
      version: "1.0.0/4",
      triggers: [advisory("ALAS2023-2026-1695")],
      startedAt: "2026-04-18T10:00:00Z",
    },
    { image: "ubuntu-2404-base", version: "1.0.0/3", triggers: [ada], startedAt: "2026-04-01T08:00:00Z" },
  ];
  for (const { version, ...rest } of builds) {
    const record = { ...rest, build: arn(rest.image, version) };
    await recordStart(ledger, record);
    await recordOutcome(ledger, record, { status: "available", endedAt: record.startedAt.replace(":00:00", ":43:00") });
    await recordGate(ledger, record.build, { verdict: "passed", reasons: [], decidedAt: record.startedAt });
  }
  await recordMove(ledger, arn("al2023-base", "1.0.0/3"), { channel: "candidate" });
  const newest = { build: arn("al2023-base", "1.0.0/4"), startedAt: "2026-04-18T10:00:00Z" };
  const movedAt = "2026-04-18T11:00:00Z";
  await pointChannel(ledger, "al2023-base", "candidate", undefined, { ...newest, amis: {}, movedAt });
}

test("a build is explained by its reasons, in each way that it can be named", async () => {
  const factory = await startFactory();
  await remember(await ledgerOf(factory));

  const asked = [[arn("al2023-base", "1.0.0/4")], ["al2023-base", "1.0.0/4"], ["al2023-base 1.0.0/4"], ["1.0.0/4"]];
  const answers = await Promise.all(asked.map((words) => factory.amint("why", ...words).ended));

  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  expect(answers[0]?.stdout).toBe(`al2023-base 1.0.0/4: is in candidate
Rebuilt because ALAS2023-2026-1695 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3
Started: 2026-04-18 10:00 UTC, took 43m 00s
Build:   ${arn("al2023-base", "1.0.0/4")}

Timeline
                        triggered: ALAS2023-2026-1695 (important): openssl 3.0.8-1 → 3.0.8-4, in
                          al2023-base since 1.0.0/3
  2026-04-18 10:00 UTC  the build starts
                        the gate lets the build pass
  2026-04-18 10:43 UTC  the build is available after 43m 00s
  2026-04-18 11:00 UTC  candidate points at it (promotion)
`);
});

test("an unknown name is answered with known ones, an ambiguous one with a question", async () => {
  const factory = await startFactory();
  const empty = await factory.amint("why", "1.0.0/9").ended;
  await remember(await ledgerOf(factory));

  const [unknown, several] = await Promise.all([
    factory.amint("why", "al2023-web", "1.0.0/3").ended,
    factory.amint("why", "1.0.0/3").ended,
  ]);

  expect([empty.code, unknown.code, several.code]).toEqual([1, 1, 1]);
  expect(empty.stderr).toContain("Its builds: none yet.");
  expect(unknown.stderr).toBe(
    'amint: "al2023-web 1.0.0/3" is neither an image nor a build of the factory. ' +
      "Its images: al2023-base, ubuntu-2404-base, al2023-web, al2023-node. " +
      "Its builds: al2023-base 1.0.0/4, al2023-base 1.0.0/3, ubuntu-2404-base 1.0.0/3.\n",
  );
  expect(several.stderr).toBe(
    "amint: 1.0.0/3 can be al2023-base 1.0.0/3 or ubuntu-2404-base 1.0.0/3. Add the image.\n",
  );
});

test("an image is explained by its builds, what waits and which triggers were ignored, each with a reason", async () => {
  const factory = await startFactory();
  const ledger = await ledgerOf(factory);
  await remember(ledger);
  const at = "2026-04-20T09:00:00Z";
  const held = {
    code: "interval" as const,
    reason: "the minimum interval is not over",
    until: "2026-04-20T12:00:00Z",
    at,
  };
  for (const id of ["ALAS2023-2026-1700", "ALAS2023-2026-1701"]) {
    await addPending(ledger, "al2023-base", [{ token: id, trigger: advisory(id), since: at }]);
    await recordHeld(ledger, "al2023-base", id, held);
    const waits = { token: id, trigger: advisory(id), decision: "waits" as const, ...held };
    await recordSuppressed(ledger, "al2023-base", waits, "a request");
  }
  const unfixed = {
    token: "unfixed",
    trigger: advisory("ALAS2023-2026-1600"),
    decision: "never",
    code: "unfixed",
    reason: "it applies still after build 1.0.0/4",
    at,
  } as const;
  await recordSuppressed(ledger, "al2023-base", unfixed, "a request");

  const [text, json, last] = await Promise.all([
    factory.amint("why", "al2023-base").ended,
    factory.amint("why", "al2023-base", "--json").ended,
    factory.amint("why", "al2023-base", "--last", "1").ended,
  ]);

  const said = "openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3";
  expect(text.stdout).toBe(`al2023-base: candidate 1.0.0/4

Builds, the newest first
  2026-04-18 10:00 UTC  1.0.0/4  is in candidate
    Rebuilt because ALAS2023-2026-1695 (important): ${said}
  2026-04-01 08:00 UTC  1.0.0/3  was in candidate
    Built because ada (unverified) requested it: the first one

Waiting
  ALAS2023-2026-1700 (important): ${said}
  ALAS2023-2026-1701 (important): ${said}
    2026-04-20 09:00 UTC: the minimum interval is not over, until 2026-04-20 12:00 UTC

Ignored triggers
  ALAS2023-2026-1600 (important): ${said}
    2026-04-20 09:00 UTC: ignored: it applies still after build 1.0.0/4
`);
  expect(JSON.parse(json.stdout)).toMatchObject({
    builds: [{ build: arn("al2023-base", "1.0.0/4") }, { build: arn("al2023-base", "1.0.0/3") }],
    waiting: [{ code: "interval", until: held.until }],
    suppressed: [{ code: "unfixed" }],
  });
  expect(last.stdout).toContain("Builds, the newest first (1 older: --last)");
});

test("an image without builds has nothing to explain, and says so", async () => {
  const factory = await startFactory();

  const { code, stdout } = await factory.amint("why", "al2023-web").ended;

  expect(code).toBe(0);
  expect(stdout).toBe("al2023-web: no channel points at a build\n\nNo builds yet.\n");
});

test("a factory's own builds are explained: requests that met, a failure, and a child of its parent", async () => {
  const factory = await startFactory({
    step: ({ step, build, image }) =>
      step === "InstallCloudWatchAgent" && image.endsWith("ubuntu-2404-base") && build === 1
        ? { exitCode: 22, stderr: "503 from the mirror" }
        : undefined,
  });
  for (const requestedBy of ["ada", "grace", "linus"]) {
    await factory.request("ubuntu-2404-base", requestedBy);
    await factory.clock.settle();
  }
  await factory.request("al2023-base", "ada");
  await factory.clock.runUntil(factory.clock.now() + 60 * HOUR);

  const [ubuntu, child] = await Promise.all([
    factory.amint("why", "ubuntu-2404-base").ended,
    factory.amint("why", "al2023-web").ended,
  ]);

  expect(ubuntu.stdout).toMatch(
    /\/2 {2}is in candidate\n {4}Built because:\n {6}(grace|\S+linus@example.com) requested it\n {6}(?!\1)(grace|\S+linus@example.com) requested/,
  );
  expect(ubuntu.stdout).toMatch(/\/1 {2}failed: acme-agents \/ build \/ .*\n {4}Built because ada requested it\n/);
  expect(child.stdout).toMatch(/Built because its parent al2023-base has build \S+\/1 in stable\n/);
});

test("a build that failed in a test component is explained with every test component's result", async () => {
  const factory = await startFactory({
    step: ({ step }) => (step === "AgentsRun" ? { exitCode: 1, stderr: "the agent does not run" } : undefined),
  });
  await factory.request("al2023-base", "ada");
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);

  const versions = await factory.amint("why", "al2023-base", "--json").ended;
  const build = (JSON.parse(versions.stdout) as { builds: { build: string }[] }).builds[0]?.build ?? "";
  const told = await factory.amint("why", build).ended;

  expect(told.stdout).toContain(": failed: acme-smoke / test / AgentsRun: exit status 1\n");
  expect(told.stdout.split("\n").flatMap((line) => /^ +(test .*)/.exec(line)?.[1] ?? [])).toEqual([
    "test simple-boot-test-linux passed",
    "test acme-smoke failed in AgentsRun: exit status 1",
    "test acme-hardening-tests did not run",
  ]);
});
