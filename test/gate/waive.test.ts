import type { InstancePlan } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const vulnerable: InstancePlan = {
  findings: () => [
    {
      severity: "CRITICAL",
      fixAvailable: "YES",
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-2026-99902",
        vulnerablePackages: [{ name: "openssl-libs", version: "3.2.2" }],
      },
    },
  ],
};

const given = ["--owner", "security", "--reason", "not reachable", "--until", "2999-12-31"];
const gates = ({ events }: FactoryOnAPort) => events.filter(({ detailType }) => detailType.startsWith("gate."));

async function buildOnce(factory: FactoryOnAPort): Promise<void> {
  await factory.send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "ada" });
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
}

test("a finding that is waived by command lets the next build pass its gate; after --withdraw the gate rejects again", async () => {
  const factory = await startFactory(vulnerable);
  await buildOnce(factory);

  const waived = await factory.amint("waive", "CVE-2026-99902", "--image", "al2023-base", ...given).ended;
  await buildOnce(factory);
  const withdrawn = await factory.amint("waive", "CVE-2026-99902", "--image", "al2023-base", "--withdraw").ended;
  await buildOnce(factory);

  expect([waived.code, withdrawn.code]).toEqual([0, 0]);
  expect(waived.stdout).toBe(
    "CVE-2026-99902 is waived on al2023-base until 2999-12-31; this applies from the next gate run\n",
  );
  expect(withdrawn.stdout).toBe("CVE-2026-99902 is no longer waived on al2023-base\n");
  expect(gates(factory).map(({ detailType }) => detailType)).toEqual(["gate.rejected", "gate.passed", "gate.rejected"]);
  expect(gates(factory)[1]?.detail.reasons).toContainEqual(
    expect.objectContaining({
      rule: "cve-critical",
      waived: ["CVE-2026-99902 waived by security until 2999-12-31: not reachable"],
    }),
  );
});

test.each([
  [
    "an image that does not exist",
    ["--image", "al2032-base", ...given],
    'has no image "al2032-base"; it has al2023-base',
  ],
  ["no owner and no end", ["--image", "*", "--reason", "x"], "A waiver needs --owner, --until", 64],
  ["an end that is past", ["--image", "*", ...given.slice(0, -1), "2026-01-31"], "would have no effect"],
  ["a day that no month has", ["--image", "*", ...given.slice(0, -1), "2026-02-30"], 'a date such as "2026-04-30"', 64],
  ["no image", given, "required option '--image <name>' not specified", 64],
  ["ending a waiver that no command set", ["--image", "*", "--withdraw"], "No command waived CVE-1 on *"],
])("%s is refused with what would be valid", async (_name, args, why, expected = 1) => {
  const factory = await startFactory();

  const { code, stdout, stderr } = await factory.amint("waive", "CVE-1", ...args).ended;

  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toContain(why);
});
