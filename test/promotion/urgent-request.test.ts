import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { SFNClient } from "@aws-sdk/client-sfn";
import { describe, expect, test } from "vitest";
import { listRunningPromotions } from "../../adapters/promotion/running-promotions.ts";
import { type Deployed, deployed } from "../world/deployed.ts";
import { HOUR, MINUTE } from "../world/time.ts";

const image = "al2023-base";
const reason = "exploited at a customer's";

test("an approver's urgent build is in the last channel within hours, and every notice of it is marked", async () => {
  const { request, pass, said, slack } = await deployed();

  await request(image, "ada", { urgent: true, reason });
  await pass(4 * HOUR);

  const { urgent } = said("gate.passed", image)[0] ?? {};
  expect(urgent).toEqual({ by: "ada", reason });
  expect(said("channel.moved", image).map(({ channel }) => channel)).toEqual(["candidate", "stable"]);
  const [moved] = slack.messages.filter(({ text }) => text.includes("channel stable moved"));
  expect(moved?.text).toMatch(/^URGENT: al2023-base: channel stable moved to build/);
  expect(JSON.stringify(moved?.blocks)).toContain("Urgent because ada asked for it: exploited at a customer's");
});

test("who may not approve a build cannot make it urgent, and gets the reason", async () => {
  const { request, said } = await deployed();

  await expect(request("ubuntu-2404-base", "mallory", { urgent: true, reason })).rejects.toThrow(
    /An urgent build needs the right to approve it: .*mallory@example\.com matches no entry of the config's people/,
  );

  expect(said("build.started")).toEqual([]);
});

describe("a build that was requested as a usual one", () => {
  const started = async (of = image) => {
    const world = await deployed();
    await world.request(of, "grace");
    await world.passUntil(() => world.said("build.started", of).length > 0);
    const build = String(world.said("build.started", of)[0]?.build);
    return { ...world, of, build, urge: (who = "ada") => world.promoteUrgently({ image: of, build }, who, reason) };
  };
  const channels = ({ said, of }: Pick<Deployed, "said"> & { of: string }) =>
    said("channel.moved", of).map(({ channel }) => channel);
  const attempts = async ({ client, blueprint }: Deployed) => {
    const arn = `arn:aws:states:eu-west-1:${blueprint.account}:stateMachine:amint-acme-promotion`;
    return (await listRunningPromotions(client(SFNClient), arn)).map(({ name }) => name);
  };

  test("is made urgent while it soaks: the rest of the urgent soak follows, once, and nothing is undone", async () => {
    const world = await started();
    await world.passUntil(() => channels(world).includes("candidate"));
    await world.pass(HOUR);

    await world.urge();
    await world.urge("grace");
    const running = await attempts(world);
    await world.pass(30 * MINUTE);
    const early = channels(world);
    await world.pass(2 * HOUR);

    expect(running).toEqual([expect.stringMatching(/-try-2$/)]);
    expect(early).toEqual(["candidate"]);
    expect(channels(world)).toEqual(["candidate", "stable"]);
    expect(world.said("gate.passed", image).map(({ urgent }) => urgent)).toEqual([undefined, { by: "ada", reason }]);
    expect(world.said("promotion.failed")).toEqual([]);
  });

  test("is made urgent while it is built: its gate plans the urgent soak", async () => {
    const world = await started();

    await world.urge();
    await world.pass(4 * HOUR);

    expect(channels(world)).toEqual(["candidate", "stable"]);
    expect(world.said("gate.passed", image)).toMatchObject([{ urgent: { by: "ada", reason } }]);
  });

  test("is asked for again while it waits for approval, and an approval counts", async () => {
    const world = await started("ubuntu-2404-base");
    const asked = () => world.said("approval.requested", world.of);
    await world.passUntil(() => asked().length > 0);

    await world.urge();
    await world.passUntil(() => asked().length > 1);
    await world.approve(world.build, "ada");
    await world.pass(HOUR);

    expect(channels(world)).toEqual(["candidate", "stable"]);
    expect(await attempts(world)).toEqual([]);
  });

  test("is not made urgent by others, at work, or after its promotion", async () => {
    const world = await started();
    await expect(world.urge("mallory")).rejects.toThrow(/An urgent build needs the right to approve it/);
    while (world.said("image.shared", image).length === 0) await world.pass(20_000);
    await expect(world.urge()).rejects.toThrow(/its promotion is at work \(\w+\); try again when it waits/);
    await world.passUntil(() => channels(world).includes("stable"));
    await world.pass(HOUR);

    await expect(world.urge()).rejects.toThrow(/its promotion did not fail: candidate, stable points at it/);
    expect(world.said("gate.passed", image)).toHaveLength(1);
  });

  test("is promoted again as an urgent one after its promotion failed, also if it was urgent then", async () => {
    const world = await started();
    const kms = world.client(KMSClient, "us-east-1");
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/amint-acme-images" }));
    const KeyId = KeyMetadata?.KeyId;
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    const policy = JSON.parse(Policy) as { Statement: { Sid: string }[] };
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== "OrganizationUses");
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ ...policy, Statement }) }));
    await world.urge();
    await world.passUntil(() => world.said("promotion.failed").length > 0);
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    await world.pass(10 * MINUTE);

    await world.urge();
    await world.pass(4 * HOUR);

    expect(channels(world)).toEqual(["candidate", "stable"]);
    expect(world.said("gate.passed", image)).toMatchObject([{ urgent: { by: "ada" } }, { urgent: { by: "ada" } }]);
  });
});
