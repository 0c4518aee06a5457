import { expect, test } from "vitest";
import { grantsUsed } from "../../src/authorization/role-grants.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { policy } from "../policy.ts";
import { ask, FACTORY, iamCall, newAws, ROLE, SESSION, withRole } from "./authorize-as.ts";

const PIPELINE = "arn:aws:imagebuilder:eu-west-1:111122223333:image-pipeline/acme-al2023-base";
/** A policy variable. */
const variable = (key: string): string => `\${${key}}`;
const START = "imagebuilder:StartImagePipelineExecution";

test("a role without a grant is refused, and the refusal names who, what and where", async () => {
  const aws = await withRole();

  const answer = ask(aws, { action: START, resources: [PIPELINE] });

  expect(answer).toBe(
    `User: arn:aws:sts::111122223333:assumed-role/worker/session is not authorized to perform: ${START} on resource: ${PIPELINE} because no identity-based policy allows the ${START} action`,
  );
});

const granting: Readonly<Record<string, object>> = {
  "the exact action and resource": { Action: START, Resource: PIPELINE },
  "the action in other case": { Action: START.toUpperCase().replace("IMAGEBUILDER", "imagebuilder"), Resource: "*" },
  "wildcards in both": { Action: "imagebuilder:Start*", Resource: "arn:aws:imagebuilder:*:*:image-pipeline/acme-*" },
  "one unknown character": { Action: START, Resource: PIPELINE.replace("acme", "?cme") },
  "a shortened ARN": { Action: START, Resource: "arn:aws:imagebuilder" },
  "everything but another action": { NotAction: "iam:*", Resource: "*" },
  "a policy variable": {
    Action: START,
    Resource: `arn:aws:imagebuilder:*:${variable("aws:PrincipalAccount")}:image-pipeline/*`,
  },
  "the session's own name": {
    Action: START,
    Resource: "*",
    Condition: { StringLike: { "aws:userid": "AROA*:session" } },
  },
  "a policy variable's default": {
    Action: START,
    Resource: `arn:aws:imagebuilder:*:*:${variable("aws:none, 'image-pipeline'")}/*`,
  },
};
const refusing: Readonly<Record<string, object>> = {
  "the resource in other case": { Action: START, Resource: PIPELINE.replace("acme", "ACME") },
  "another region": { Action: START, Resource: PIPELINE.replace("eu-west-1", "us-east-1") },
  "a wildcard that would have to span a colon": { Action: START, Resource: "arn:aws:imagebuilder:*:image-pipeline/*" },
  "everything but this action": { NotAction: "imagebuilder:*", Resource: "*" },
  "every resource but this": { Action: START, NotResource: PIPELINE },
  "another session's name": {
    Action: START,
    Resource: "*",
    Condition: { StringLike: { "aws:userid": "AROA*:other" } },
  },
  "what only the session's id names": { Action: START, Resource: `${PIPELINE}/${variable("aws:userid")}` },
  "a policy variable without a value": {
    Action: START,
    Resource: `arn:aws:imagebuilder:*:${variable("aws:PrincipalTag/x")}*:*`,
  },
};

test.each([
  ...Object.entries(granting).map(([what, statement]) => [what, statement, true] as const),
  ...Object.entries(refusing).map(([what, statement]) => [what, statement, false] as const),
])("a grant of %s", async (_, statement, granted) => {
  const aws = await withRole({ Effect: "Allow", ...statement });

  const answer = ask(aws, { action: START, resources: [PIPELINE] });

  expect(answer === "granted").toBe(granted);
});

test("an operation without resource-level permissions takes a grant on every resource", async () => {
  const narrow = await withRole({ Effect: "Allow", Action: "ec2:DescribeImages", Resource: "arn:aws:ec2:*:*:*" });
  const wide = await withRole({ Effect: "Allow", Action: "ec2:DescribeImages", Resource: "*" });

  const answers = [narrow, wide].map((aws) => ask(aws, { action: "ec2:DescribeImages" }));

  expect(answers).toEqual([
    expect.stringMatching(/^You are not authorized to perform this operation\. User:/),
    "granted",
  ]);
});

test("every resource of a request must be granted", async () => {
  const aws = await withRole({ Effect: "Allow", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*::image/*" });
  const resources = ["arn:aws:ec2:eu-west-1::image/ami-1", "arn:aws:ec2:eu-west-1::snapshot/snap-1"];

  const answer = ask(aws, { action: "ec2:CreateTags", resources });

  expect(answer).toMatch("on resource: arn:aws:ec2:eu-west-1::snapshot/snap-1");
});

test("an explicit deny wins over any grant, and the refusal says so", async () => {
  const aws = await withRole(
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Effect: "Deny", Action: "ssm:Delete*", Resource: "*" },
  );

  const answer = ask(aws, {
    action: "ssm:DeleteParameter",
    resources: ["arn:aws:ssm:eu-west-1:111122223333:parameter/x"],
  });

  expect(answer).toMatch("with an explicit deny in an identity-based policy");
});

test("managed policies grant, AWS's own and the customer's", async () => {
  const aws = await withRole();
  const PolicyDocument = policy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });
  await iamCall(aws, "CreatePolicy", { PolicyName: "publish", PolicyDocument });
  const arns = [
    `arn:aws:iam::${FACTORY}:policy/publish`,
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
  ];
  for (const PolicyArn of arns) await iamCall(aws, "AttachRolePolicy", { RoleName: "worker", PolicyArn });

  const answers = ["sns:Publish", "logs:PutLogEvents", "sqs:SendMessage"].map((action) => ask(aws, { action }));

  expect(answers).toEqual(["granted", "granted", expect.stringContaining("not authorized")]);
});

test("a permissions boundary bounds what policies grant", async () => {
  const aws = await withRole({ Effect: "Allow", Action: "*", Resource: "*" });
  const PolicyDocument = policy({ Effect: "Allow", Action: "ssm:*", Resource: "*" });
  await iamCall(aws, "CreatePolicy", { PolicyName: "boundary", PolicyDocument });
  const PermissionsBoundary = `arn:aws:iam::${FACTORY}:policy/boundary`;
  await iamCall(aws, "PutRolePermissionsBoundary", { RoleName: "worker", PermissionsBoundary });

  const answers = ["ssm:GetParameter", "ec2:DescribeImages"].map((action) => ask(aws, { action }));

  expect(answers).toEqual(["granted", expect.stringContaining("because no permissions boundary allows")]);
});

test("an account may do everything in itself; a role that is gone may do nothing", async () => {
  const aws = newAws();

  const answers = [accountPrincipal(FACTORY), SESSION].map((principal) =>
    ask(aws, { action: "ssm:GetParameter" }, principal),
  );

  expect(answers).toEqual(["granted", expect.stringContaining("not authorized")]);
});

test("grants that let something through are known, others are not", async () => {
  const aws = await withRole(
    { Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" },
    { Effect: "Allow", Action: "ssm:PutParameter", Resource: "*" },
  );

  ask(aws, { action: "ssm:GetParameter" });
  ask(aws, { action: "ssm:GetParameter" });

  expect(grantsUsed(aws)).toEqual([
    { roleArn: ROLE, policy: "own", statement: 0, action: "ssm:GetParameter", resource: "*", times: 2 },
  ]);
});
