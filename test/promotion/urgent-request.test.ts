import { expect, test } from "vitest";
import { deployed } from "../world/deployed.ts";
import { HOUR } from "../world/time.ts";

const image = "al2023-base";
const asked = { urgent: true, reason: "exploited at a customer's" } as const;

test("an approver's urgent build is in the last channel within hours, and every notice of it is marked", async () => {
  const { request, pass, said, slack } = await deployed();

  await request(image, "ada", asked);
  await pass(4 * HOUR);

  const { urgent } = said("gate.passed", image)[0] ?? {};
  expect(urgent).toEqual({ by: "ada", reason: asked.reason });
  expect(said("channel.moved", image).map(({ channel }) => channel)).toEqual(["candidate", "stable"]);
  const [moved] = slack.messages.filter(({ text }) => text.includes("channel stable moved"));
  expect(moved?.text).toMatch(/^URGENT: al2023-base: channel stable moved to build/);
  expect(JSON.stringify(moved?.blocks)).toContain("Urgent because ada asked for it: exploited at a customer's");
});

test("who may not approve a build cannot make it urgent, and gets the reason", async () => {
  const { request, said } = await deployed();

  await expect(request("ubuntu-2404-base", "mallory", asked)).rejects.toThrow(
    /An urgent build needs the right to approve it: .*mallory@example\.com matches no entry of the config's people/,
  );

  expect(said("build.started")).toEqual([]);
});
