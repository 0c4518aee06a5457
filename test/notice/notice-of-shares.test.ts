import { expect, test } from "vitest";
import { describeConsumersFailed, describeShareFailed } from "../../core/share/notice.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const failed = {
  image: "base",
  build: parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1"),
  channel: "stable",
  region: "us-east-1",
  amiId: parseAmiId("ami-0123456789abcdef0"),
  account: "222233334444",
  proof: "decryptable" as const,
  missing: "kms:Decrypt denied by the key policy of arn:aws:kms:us-east-1:111122223333:key/1",
};

test("the notice names the account that cannot launch, what is missing, and what to do", () => {
  const notice = describeShareFailed({ ...failed, fix: "deploy the factory" }, []);

  expect(notice).toMatchObject({
    title: "base: account 222233334444 cannot launch build 1.0.1/1 in us-east-1",
    tone: "bad",
    attributes: { event: "share.failed", image: "base", channel: "stable" },
    nextSteps: ["amint shares base --account 222233334444", 'amint why "base 1.0.1/1"'],
  });
  expect(notice.lines).toEqual([
    "Missing: kms:Decrypt denied by the key policy of arn:aws:kms:us-east-1:111122223333:key/1",
    "Fix: deploy the factory",
    "Failed check: KMS dry runs (ami-0123456789abcdef0)",
    "Build: arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1",
    "Channel stable does not point at it in us-east-1.",
  ]);
});

test("a wave's parameter that could not be written is named with its wave, and what reads it meanwhile", () => {
  const { image, channel, account } = failed;
  const accounts = [{ account, why: "AccessDenied: sts:AssumeRole" }];

  const copy = describeConsumersFailed({ work: "mirror", image, channel, count: 1, accounts });
  const ring = describeConsumersFailed({ work: "mirror", image, channel, wave: "canary", count: 1, accounts });

  expect(copy.title).toBe("base: copy of channel stable's parameter out of date in 1 account");
  expect(ring.title).toBe("base: parameter of channel stable's wave canary out of date in 1 account");
  expect(ring.lines).toContain("Templates that read the parameter get the previous build, or none.");
});
