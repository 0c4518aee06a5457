import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, rolePrincipal } from "../../src/engine/principal.ts";
import { allow, policy } from "../policy.ts";

const ACCOUNT = "111122223333";
const region = "eu-west-1";

test("an instance writes below its own aws:userid, and not below another instance's", async () => {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1)) });
  const owner = { principal: accountPrincipal(ACCOUNT), region };
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };

  const made = await aws.call<{ Role: { RoleId: string; Arn: string } }>(
    "iam",
    "CreateRole",
    { RoleName: "instance", AssumeRolePolicyDocument: policy(trust) },
    owner,
  );
  const Resource = `arn:aws:s3:::uploads/\${aws:userid}/*`;
  const PolicyDocument = policy(allow("s3:PutObject", Resource));
  await aws.call("iam", "PutRolePolicy", { RoleName: "instance", PolicyName: "own", PolicyDocument }, owner);
  await aws.call(
    "s3",
    "CreateBucket",
    { Bucket: "uploads", CreateBucketConfiguration: { LocationConstraint: region } },
    owner,
  );
  const { RoleId, Arn } = made.Role;
  const put = (instanceId: string, Key: string) =>
    aws
      .call(
        "s3",
        "PutObject",
        { Bucket: "uploads", Key, Body: new Uint8Array() },
        { principal: rolePrincipal(Arn, instanceId), region },
      )
      .then(
        () => "written",
        ({ code }: { code: string }) => code,
      );

  const outcomes = [
    await put("i-1", `${RoleId}:i-1/file`),
    await put("i-2", `${RoleId}:i-1/file`),
    await put("i-1", `${RoleId}:i-1-other/file`),
    await put("i-1", `${RoleId}:i-1`),
    await put("i-1", `AROAOTHER:i-1/file`),
  ];

  expect(outcomes).toEqual(["written", "AccessDenied", "AccessDenied", "AccessDenied", "AccessDenied"]);
});
