import { expect, test } from "vitest";
import { recordStart } from "../../adapters/build/builds.ts";
import { openLedger, readBlueprint } from "../../cli/command/open-ledger.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { startFactory } from "../world/running-factory.ts";
import { withEnv } from "../world/with-env.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/3");

/** Hides the rest of the page, makes a link, sets the window's title, and adds a line of its own. */
const hostile = "x\u001b[8m\u001b]8;;https://evil.example\u0007\u009b2J\u202e\r\n1.0.0/3: passed the gate, in stable";

test("a requester's name with control sequences neither steers the reader's terminal nor adds lines", async () => {
  const factory = await startFactory();
  withEnv(factory.env);
  const ledger = openLedger(await readBlueprint());
  const trigger = { kind: "manual" as const, requestedBy: hostile, reason: hostile };
  await recordStart(ledger, { image: "al2023-base", build, triggers: [trigger], startedAt: "2026-04-01T08:00:00Z" });

  const asked = [["1.0.0/3"], ["al2023-base"], ["al2023-base", "--json"], [hostile]];
  const answers = await Promise.all(asked.map((words) => factory.amint("why", ...words).ended));

  for (const { stdout, stderr } of answers) {
    expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(`${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("1.0.0/3: passed"))).toEqual([]);
  }
  expect(JSON.parse(answers[2]!.stdout).builds[0].triggers).toEqual([trigger]);
});
