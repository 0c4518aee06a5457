import { describe, expect, it } from "vitest";
import { explainActivity, explainEnd, judgeCanary } from "../../core/share/canary.ts";
import { explainRefusal, sayMissing, type Trial } from "../../core/share/explain-refusal.ts";

const AMI = "ami-0000cd8ddaa37d119";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";

const ROLE = "arn:aws:iam::222233334444:role/amint-acme-consumer";

const USER = "User: arn:aws:sts::222233334444:assumed-role/amint-acme-consumer/amint-acme";

const trial = (action: string, on: string): Trial => ({
  account: "222233334444",
  region: "us-east-1",
  action,
  on,
  factory: "acme",
});

const launch = trial("ec2:RunInstances", AMI);

const use = trial("kms:Decrypt", KEY);

const enter = trial("sts:AssumeRole", ROLE);

const read = trial(
  "ssm:GetParameter",
  "arn:aws:ssm:us-east-1:111122223333:parameter/imagebuilder/amint/acme/base/stable",
);

/** As AWS answers: code, message. Forms from the IAM user guide, "Access denied error messages", and each service's reference. */
const rows: readonly [what: string, code: string, message: string, tried: Trial, said: string][] = [
  [
    "a key policy that does not let the account use the key",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no resource-based policy allows the kms:Decrypt action`,
    use,
    `kms:Decrypt denied by the key policy of ${KEY}; deploy the factory, or restore the key policy's statement OrganizationUses`,
  ],
  [
    "a key policy that does not let the account grant the key to Auto Scaling",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:CreateGrant on resource: ${KEY} because no resource-based policy allows the kms:CreateGrant action`,
    trial("kms:CreateGrant", KEY),
    `kms:CreateGrant denied by the key policy of ${KEY}; deploy the factory, or restore the key policy's statement OrganizationGrantsToAutoScaling`,
  ],
  [
    "a key policy that denies",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} with an explicit deny in a resource-based policy`,
    use,
    `kms:Decrypt explicitly denied by the key policy of ${KEY}; deploy the factory, or restore the key policy's statement OrganizationUses`,
  ],
  [
    "the role's own policy",
    "UnauthorizedOperation",
    `You are not authorized to perform this operation. ${USER} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:222233334444:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: AbC-dEf_123`,
    launch,
    "ec2:RunInstances on arn:aws:ec2:us-east-1:222233334444:instance/* denied by the policy of the role amint-acme-consumer; deploy the factory: its StackSet updates the role",
  ],
  [
    "a service control policy, with its ARN behind it",
    "UnauthorizedOperation",
    `You are not authorized to perform this operation. ${USER} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1::image/${AMI} with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-exampleorgid/service_control_policy/p-1a2b3c4d`,
    launch,
    "ec2:RunInstances denied by a service control policy; the organization's policies for account 222233334444 must allow ec2:RunInstances",
  ],
  [
    "service control policies that do not allow it",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no service control policy allows the kms:Decrypt action`,
    use,
    "kms:Decrypt denied by a service control policy; the organization's policies for account 222233334444 must allow kms:Decrypt",
  ],
  [
    "a resource control policy",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} with an explicit deny in a resource control policy`,
    use,
    "kms:Decrypt denied by a resource control policy; the organization's policies for account 222233334444 must allow kms:Decrypt",
  ],
  [
    "a permissions boundary",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no permissions boundary allows the kms:Decrypt action`,
    use,
    "kms:Decrypt denied by the permissions boundary of the role amint-acme-consumer; the boundary must allow kms:Decrypt",
  ],
  [
    "a VPC endpoint's policy",
    "AccessDeniedException",
    `${USER} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no VPC endpoint policy allows the kms:Decrypt action`,
    use,
    "kms:Decrypt denied by a VPC endpoint policy; the endpoint's policy must allow it",
  ],
  [
    "a refusal that names no policy",
    "UnauthorizedOperation",
    `You are not authorized to perform this operation. ${USER} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:222233334444:subnet/subnet-1`,
    launch,
    "ec2:RunInstances denied on arn:aws:ec2:us-east-1:222233334444:subnet/subnet-1; AWS does not name the policy: check the role's and the organization's policies",
  ],
  [
    "a refusal that says nothing that can be read",
    "UnauthorizedOperation",
    "You are not authorized to perform this operation. Encoded authorization failure message: AbC-dEf_123",
    launch,
    `ec2:RunInstances on ${AMI} denied (You are not authorized to perform this operation. Encoded authorization failure message: AbC-dEf_123); check the account's policies`,
  ],
  [
    "a parameter that is not shared",
    "AccessDeniedException",
    `${USER} is not authorized to perform: ssm:GetParameter on resource: ${read.on} because no resource-based policy allows the ssm:GetParameter action`,
    read,
    `ssm:GetParameter denied by the RAM share of ${read.on}; the parameter must be shared through RAM with all of the channel's principals, and RAM sharing must be enabled for the organization (amint validate)`,
  ],
  [
    "a role that is missing, or trusts another principal",
    "AccessDenied",
    `User: arn:aws:sts::111122223333:assumed-role/amint-acme-verify-share/amint-acme-verify-share is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
    enter,
    `the role ${ROLE} cannot be assumed; it does not exist, or its trust policy does not allow the factory: the StackSet with amint-acme-consumer must reach the account (amint validate reports problems)`,
  ],
  [
    "the factory's own function without the right to assume it",
    "AccessDenied",
    `User: arn:aws:sts::111122223333:assumed-role/amint-acme-verify-share/amint-acme-verify-share is not authorized to perform: sts:AssumeRole on resource: ${ROLE} because no identity-based policy allows the sts:AssumeRole action`,
    enter,
    `sts:AssumeRole on ${ROLE} denied by the policy of the factory's own function; deploy the factory`,
  ],
  [
    "an AMI that is not shared",
    "InvalidAMIID.NotFound",
    `The image id '[${AMI}]' does not exist`,
    launch,
    `the launch permission for ${AMI}; the AMI is not shared with account 222233334444: amint shares lists its recipients`,
  ],
  [
    "an AMI that the account hides from itself",
    "InvalidAMIID.NotFound",
    `The image id '[${AMI}]' does not exist`,
    { ...launch, hidesImages: true },
    `${AMI} is not allowed by the account's Allowed AMIs settings; they must allow the factory's account as an image provider (amint policy allowed-images prints the policy)`,
  ],
  [
    "an AMI that is disabled",
    "InvalidAMIID.Unavailable",
    `The image ID '${AMI}' is not available`,
    launch,
    `${AMI} is not available; it was disabled, deregistered or never finished: check it in the factory's account`,
  ],
  [
    "a key that is disabled",
    "DisabledException",
    `${KEY} is disabled.`,
    use,
    `the key ${KEY} is disabled; AMIs that are encrypted with it cannot be launched: enable the key, or cancel its deletion`,
  ],
  [
    "a key that is about to be deleted",
    "KMSInvalidStateException",
    `${KEY} is pending deletion.`,
    use,
    `the key ${KEY} is pending deletion, or pending import of key material; AMIs that are encrypted with it cannot be launched: enable the key, or cancel its deletion`,
  ],
  [
    "a key that is gone",
    "NotFoundException",
    `Key '${KEY}' does not exist`,
    use,
    `the key ${KEY} does not exist in the region; AMIs that are encrypted with it cannot be launched: enable the key, or cancel its deletion`,
  ],
  [
    "a region that the account has not enabled",
    "AuthFailure",
    "AWS was not able to validate the provided access credentials",
    launch,
    "the region us-east-1 is not enabled in the account; enable it in account 222233334444, or remove it from the channel's regions",
  ],
  [
    "an account without a default VPC",
    "VPCIdNotSpecified",
    "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
    launch,
    'a network to launch in: the account has no default VPC in the region; set a subnet of account 222233334444 in consumers.subnets["222233334444"]["us-east-1"]',
  ],
  [
    "an account whose default VPC has no subnet",
    "MissingInput",
    "No subnets found for the default VPC 'vpc-0a1b2c3d'. Please specify a subnet.",
    launch,
    'a network to launch in: the account\'s default VPC has no subnet in the region; set a subnet of account 222233334444 in consumers.subnets["222233334444"]["us-east-1"]',
  ],
  [
    "an unknown refusal",
    "SomethingNew",
    "It is new.",
    launch,
    "ec2:RunInstances failed with SomethingNew (It is new.); look up the error in AWS's documentation",
  ],
];

describe("what is missing, for people", () => {
  it.each(rows)("names %s", (_what, code, message, tried, said) => {
    const missing = explainRefusal({ code, message }, tried);

    expect(sayMissing(tried, missing)).toBe(`account 222233334444 in us-east-1: ${said}`);
  });
});

const ended = (code: string, message = `${code}: Client error on launch`) =>
  explainEnd({ code, message }, launch).piece;

describe("an instance that never ran", () => {
  it("lacked the grant that only EC2 makes, where all else of the key was tried before", () => {
    expect(ended("Client.InternalError")).toBe(
      `kms:CreateGrant for EC2 (kms:GrantIsForAWSResource) denied on the key of ${AMI}, by the key policy or by the role's`,
    );
    expect(ended("Client.InvalidKMSKey.InvalidState")).toContain("kms:CreateGrant for EC2");
  });

  it("had no capacity, which does not concern the share", () => {
    const missing = explainEnd(
      { code: "Server.InsufficientInstanceCapacity", message: "No capacity is left." },
      launch,
    );

    expect(missing.piece).toBe("AWS has no capacity for the canary (No capacity is left.)");
    expect(missing.fix).toContain("the share in us-east-1 is probably not the cause");
  });

  it("was ended by hand", () => {
    expect(ended("Client.UserInitiatedShutdown", "User initiated shutdown")).toBe(
      "the canary's instance was stopped or terminated by a user before it ran (User initiated shutdown)",
    );
  });
});

describe("Auto Scaling's launch", () => {
  it.each([
    [
      "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InternalError: Client error on launch",
      `the grant with which Auto Scaling uses the key of ${AMI}`,
    ],
    [
      "Access denied when attempting to assume role arn:aws:iam::222233334444:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Validating load balancer configuration failed.",
      `Auto Scaling could not launch ${AMI} (Access denied when attempting to assume role`,
    ],
    [`The image id '[${AMI}]' does not exist. Launching EC2 instance failed.`, `the launch permission for ${AMI}`],
    [
      "You are not authorized to perform this operation. User: x is not authorized to perform: ec2:RunInstances on resource: y with an explicit deny in a service control policy. Launching EC2 instance failed.",
      "ec2:RunInstances denied by a service control policy",
    ],
  ])("says why: %s", (said, piece) => {
    expect(explainActivity(said, launch).piece).toContain(piece);
  });
});

describe("a canary", () => {
  const running = { state: "running", ended: { code: "", message: "" } };
  const patience = { last: false, minutes: 1 };

  it("is launched once it runs by every way that was asked for", () => {
    const alone = judgeCanary({ instance: running }, launch, patience);
    const waiting = judgeCanary({ instance: running, group: { running: false, failed: undefined } }, launch, patience);
    const both = judgeCanary(
      { instance: running, group: { running: true, failed: "an earlier try" } },
      launch,
      patience,
    );

    expect([alone.kind, waiting.kind, both.kind]).toEqual(["launched", "pending", "launched"]);
  });

  it("is not given up for Auto Scaling's first failure: its grant may be new", () => {
    const sighting = { instance: running, group: { running: false, failed: "Client.InternalError: Client error" } };

    const soon = judgeCanary(sighting, launch, { last: false, minutes: 1 });
    const later = judgeCanary(sighting, launch, { last: false, minutes: 5 });

    expect([soon.kind, later.kind]).toEqual(["pending", "refused"]);
  });

  it("is waited for a limited time, and says who did not come", () => {
    const last = { last: true, minutes: 10 };

    const missing = judgeCanary({ instance: undefined }, launch, last);
    const group = judgeCanary({ instance: running, group: { running: false, failed: undefined } }, launch, last);

    expect(missing).toMatchObject({
      missing: { piece: "the instance that the role launched did not run within 10 minutes" },
    });
    expect(group).toMatchObject({
      missing: { piece: "the instance that Auto Scaling launched did not run within 10 minutes" },
    });
  });
});
