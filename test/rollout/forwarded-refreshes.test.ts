// @module-tag needs/sst-platform
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { publishServiceEvent, rolePrincipal, watchBus } from "embedded-aws";
import { describe, expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { openConsumersSide } from "./consumers-side-world.ts";

const BUILDING = "400000000001";
const TESTING = "400000000002";
const ENDED = "EC2 Auto Scaling Instance Refresh Succeeded";

describe("instance refreshes' events", () => {
  test("come from each region of each account to the factory's bus, and no others do", async () => {
    const world = await openConsumersSide();
    const heard: string[] = [];
    watchBus(world.aws, FACTORY, HOME, "amint-acme", (event) =>
      heard.push(`${event.account} ${event.region} ${event["detail-type"]}`),
    );
    const made = [];
    for (const account of [BUILDING, TESTING]) {
      for (const region of [HOME, "us-east-1"]) made.push(await world.deploy(account, region));
    }

    for (const account of [BUILDING, TESTING]) {
      for (const region of [HOME, "us-east-1"]) {
        for (const detailType of [ENDED, "EC2 Instance Launch Successful"]) {
          const detail = { InstanceRefreshId: "08b91cf7", AutoScalingGroupName: "web" };
          publishServiceEvent(world.aws, {
            account,
            region,
            source: "aws.autoscaling",
            "detail-type": detailType,
            detail,
          });
        }
      }
    }
    await world.pass(10_000);

    expect(made).toEqual(Array(4).fill("CREATE_COMPLETE"));
    expect(heard.toSorted()).toEqual(
      [BUILDING, TESTING].flatMap((account) => [HOME, "us-east-1"].map((region) => `${account} ${region} ${ENDED}`)),
    );
  });

  test("are put only by the forwarding roles of the organization's accounts", async () => {
    const world = await openConsumersSide();
    for (const region of [HOME, "us-east-1"]) await world.deploy(TESTING, region);
    const put = (role: string, Source: string, DetailType: string) => {
      const principal = rolePrincipal(`arn:aws:iam::${TESTING}:role/${role}`, "other-role");
      const EventBusName = `arn:aws:events:${HOME}:${FACTORY}:event-bus/amint-acme`;
      const Entries = [{ EventBusName, Source, DetailType, Detail: "{}" }];
      return world.aws.call("events", "PutEvents", { Entries }, { principal, region: HOME }).then(
        () => "taken",
        (error: Error) => error.message,
      );
    };

    const answers = [
      await put("amint-acme-consumer", "aws.autoscaling", ENDED),
      await put("amint-acme-in-us-east-1", "amint", ENDED),
      await put("amint-acme-in-us-east-1", "aws.autoscaling", "channel.moved"),
    ];

    for (const answer of answers) expect(answer).toContain("is not authorized to perform: events:PutEvents");
  });

  test("come from an account's regions by separate roles; the other resources are created once", async () => {
    const world = await openConsumersSide();
    await world.deploy(TESTING, "us-east-1");
    const there = (RoleName: string) =>
      world
        .client(IAMClient, { account: TESTING })
        .send(new GetRoleCommand({ RoleName }))
        .then(
          () => true,
          () => false,
        );

    expect(await there("amint-acme-in-us-east-1")).toBe(true);
    expect(await there("amint-acme-rollout")).toBe(false);
    expect(await there("amint-acme-consumer")).toBe(false);
  });
});
