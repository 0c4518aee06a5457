import { EC2, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { Organizations } from "@aws-sdk/client-organizations";
import { describe, expect, it } from "vitest";
import { recordAws, recordsOf } from "../../src/admin/records.ts";
import { accountPrincipal, rolePrincipal } from "../../src/engine/principal.ts";
import { enforcePublishedLimits } from "../../src/limits/throttle.ts";
import { anAws, FACTORY, MANAGEMENT, PRODUCTION } from "../ec2/an-aws.ts";
import { policy } from "../policy.ts";
import { credentials, TRANSPORTS } from "../wire/transports.ts";

function limited(whom?: "everybody" | "roles") {
  const world = anAws();
  enforcePublishedLimits(world.aws, whom);
  /** How many of a number of requests succeed, and the error code of the others. */
  const many = async (count: number, service: string, operation: string, input: object = {}, account = FACTORY) => {
    const caller = { principal: accountPrincipal(account), region: "eu-west-1" };
    const asked = Array.from({ length: count }, () => world.aws.call(service, operation, input, caller));
    const settled = await Promise.allSettled(asked);
    const codes = settled.map((one) => (one.status === "rejected" ? String(one.reason.code) : "OK"));
    const throttled = codes.filter((code) => /RequestLimitExceeded|TooManyRequests/.test(code));
    return { through: count - throttled.length, codes: [...new Set(throttled)] };
  };
  const pass = (ms: number) => world.clock.runUntil(world.clock.now() + ms);
  return { ...world, many, pass };
}

describe("with published limits", () => {
  it.each([
    ["ec2", "DescribeRegions", 100],
    ["ec2", "CreateSecurityGroup", 50],
    ["ec2", "CopyImage", 100],
    ["ec2", "DisableImageBlockPublicAccess", 1],
  ])("%s:%s has its own burst, whether or not its requests succeed", async (service, operation, burst) => {
    const { many } = limited();
    const input = INPUTS[operation] ?? {};

    const { through, codes } = await many(burst + 7, service, operation, input);

    expect(through).toBe(burst);
    expect(codes).toEqual(["RequestLimitExceeded"]);
  });

  it("a bucket refills by its rate, in the clock of the embedded AWS, up to its size", async () => {
    const { many, pass } = limited();
    const copy = (count: number) => many(count, "ec2", "CopyImage", INPUTS.CopyImage);

    await copy(100);
    const none = await copy(3);
    await pass(5_000);
    const five = await copy(9);
    await pass(3_600_000);
    const all = await copy(120);

    expect([none.through, five.through, all.through]).toEqual([0, 5, 100]);
  });

  it("accounts, regions and operations have buckets of their own", async () => {
    const { many, aws } = limited();
    await many(100, "ec2", "DescribeRegions");
    const caller = { principal: accountPrincipal(FACTORY), region: "us-east-1" };

    const elsewhere = aws.call("ec2", "DescribeRegions", {}, caller);

    await expect(elsewhere).resolves.toBeDefined();
    expect((await many(1, "ec2", "DescribeVpcs")).through).toBe(1);
    expect((await many(1, "ec2", "DescribeRegions", {}, PRODUCTION)).through).toBe(1);
    expect((await many(1, "ec2", "DescribeRegions")).through).toBe(0);
  });

  it("a list without filter and page has a smaller bucket", async () => {
    const { many } = limited();

    const unfiltered = await many(80, "ec2", "DescribeSnapshots");
    const paged = await many(80, "ec2", "DescribeSnapshots", { MaxResults: 5 });

    expect([unfiltered.through, paged.through]).toEqual([50, 80]);
  });

  it("Organizations counts by account and by organization", async () => {
    const { many, aws } = limited();
    const content = policy({
      Effect: "Allow",
      Principal: { AWS: FACTORY },
      Action: "organizations:List*",
      Resource: "*",
    });
    const caller = { principal: accountPrincipal(MANAGEMENT), region: "us-east-1" };
    await aws.call("organizations", "PutResourcePolicy", { Content: content }, caller);
    const input = { ChildId: FACTORY };

    const management = await many(12, "organizations", "ListParents", input, MANAGEMENT);
    const factory = await many(12, "organizations", "ListParents", input);

    // 8 by account; 10 by organization leave 2.
    expect([management.through, factory.through]).toEqual([8, 2]);
    expect(factory.codes).toEqual(["TooManyRequestsException"]);
  });

  it("those for roles leave an account's root user alone", async () => {
    const { many, aws } = limited("roles");
    const principal = rolePrincipal(`arn:aws:iam::${FACTORY}:role/worker`, "session");
    const ask = () => aws.call("ec2", "DisableImageBlockPublicAccess", {}, { principal, region: "eu-west-1" });

    const root = await many(9, "ec2", "DisableImageBlockPublicAccess");
    await ask();

    expect(root.through).toBe(9);
    await expect(ask()).rejects.toMatchObject({ code: "RequestLimitExceeded" });
  });

  it("services whose limits are not known here are not limited", async () => {
    const { many } = limited();

    expect((await many(500, "ssm", "DescribeParameters")).through).toBe(500);
  });
});

const INPUTS: Readonly<Record<string, object>> = {
  CopyImage: { Name: "golden", SourceImageId: "ami-00000000000000000", SourceRegion: "eu-west-1" },
  CreateSecurityGroup: { GroupName: "g", Description: "d", DryRun: true },
};

describe.each(TRANSPORTS)("the SDK $name", ({ connect }) => {
  it("get AWS's own codes and statuses, and are recorded as calls", async () => {
    const { aws } = limited();
    recordAws(aws);
    const options = await connect(aws);
    const settings = { region: "us-east-1", credentials: credentials(MANAGEMENT), maxAttempts: 1, ...options };
    const organizations = new Organizations(settings);
    const ec2 = new EC2(settings);
    const share = new ModifyImageAttributeCommand({ ImageId: "ami-00000000000000000", Attribute: "launchPermission" });

    await organizations.listRoots({});
    await organizations.listRoots({});
    await expect(organizations.listRoots({})).rejects.toMatchObject({
      name: "TooManyRequestsException",
      message: "You have sent too many requests in too short a period of time. Try again later.",
      $metadata: { httpStatusCode: 400 },
    });
    const shares = await Promise.allSettled(Array.from({ length: 103 }, () => ec2.send(share)));

    const limit = {
      name: "RequestLimitExceeded",
      message: "Request limit exceeded.",
      $metadata: { httpStatusCode: 503 },
    };
    const refusals = shares.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refusals.filter(({ name }) => name === limit.name)).toMatchObject([limit, limit, limit]);
    const outcomes = recordsOf(aws)
      .calls.after(0)
      .map(({ operation, outcome }) => `${operation} ${outcome}`);
    expect(outcomes.filter((one) => one === "ListRoots TooManyRequestsException")).toHaveLength(1);
    expect(outcomes.filter((one) => one === "ModifyImageAttribute RequestLimitExceeded")).toHaveLength(3);
  });

  it("gets through by its own retries, which wait by the clock of the wall", async () => {
    const { aws, clock } = limited();
    const options = await connect(aws);
    const client = new Organizations({
      region: "us-east-1",
      credentials: credentials(MANAGEMENT),
      // The SDK may draw a wait of no time at all, before the clock has gone on.
      maxAttempts: 6,
      ...options,
    });
    for (let n = 0; n < 8; n++) await client.listParents({ ChildId: FACTORY });

    const late = client.listParents({ ChildId: FACTORY });
    await clock.runUntil(clock.now() + 1_000);

    await expect(late).resolves.toMatchObject({ Parents: [{ Type: "ORGANIZATIONAL_UNIT" }] });
  });
});
