import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../src/engine/principal.ts";
import { type FaultPlan, injectFaults } from "../../src/faults/inject-faults.ts";
import { type AskedDelivery, interferenceOf } from "../../src/faults/interference.ts";

const ACCOUNT = "111122223333";

const START = Date.UTC(2026, 3, 1, 8);

const allowAll: Authorizer = { authorize() {} };

const role = rolePrincipal(`arn:aws:iam::${ACCOUNT}:role/function`, "function");

const delivery: AskedDelivery = {
  source: "aws.test",
  detailType: "Test",
  region: "eu-west-1",
  targetArn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f`,
};

function newAws(plan: FaultPlan) {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock, authorizer: allowAll });
  const stop = injectFaults(aws, plan);
  const call = (service: string, operation: string, input: object, principal: Principal = role, region = "eu-west-1") =>
    aws.call<Record<string, unknown>>(service, operation, input, { principal, region });
  const put = (name: string, as?: Principal) =>
    call("ssm", "PutParameter", { Name: name, Value: "v", Type: "String" }, as);
  return { aws, clock, stop, call, put };
}

describe("a fault plan", () => {
  it("throttles in each service's own words", async () => {
    const { call, put } = newAws({ seed: 1, throttled: 1 });

    await expect(put("/a")).rejects.toMatchObject({ code: "ThrottlingException", status: 400 });
    await expect(call("ec2", "DescribeImages", {})).rejects.toMatchObject({
      code: "RequestLimitExceeded",
      status: 503,
    });
    await expect(call("imagebuilder", "ListImages", {})).rejects.toMatchObject({
      code: "CallRateLimitExceededException",
      status: 429,
    });
  });

  it("fails requests before their effect, and after it", async () => {
    const account = accountPrincipal(ACCOUNT);
    const before = newAws({ seed: 1, failedBefore: 1 });
    const after = newAws({ seed: 1, failedAfter: 1 });

    await expect(before.put("/a")).rejects.toMatchObject({ code: "InternalServerError", status: 500 });
    await expect(after.put("/a")).rejects.toMatchObject({ code: "InternalServerError", status: 500 });

    await expect(before.call("ssm", "GetParameter", { Name: "/a" }, account)).rejects.toThrow();
    await expect(after.call("ssm", "GetParameter", { Name: "/a" }, account)).resolves.toBeDefined();
  });

  it("affects only roles, and no caller once it has been stopped", async () => {
    const { put, stop } = newAws({ seed: 1, throttled: 1 });

    await expect(put("/a", accountPrincipal(ACCOUNT))).resolves.toBeDefined();
    await expect(put("/b")).rejects.toThrow("Rate exceeded");
    stop();
    await expect(put("/b")).resolves.toBeDefined();
  });

  it("makes only the given region unavailable, for the given time", async () => {
    const down = [{ region: "eu-west-1", from: START + 1_000, until: START + 2_000 }];
    const { clock, put, call } = newAws({ seed: 1, down });

    await put("/before");
    await clock.runUntil(START + 1_500);
    await expect(put("/during")).rejects.toMatchObject({ code: "ServiceUnavailable", status: 503 });
    await call("ec2", "DescribeImages", {}, role, "us-east-1");
    await clock.runUntil(START + 2_000);
    await put("/after");
  });

  it("loses, delays and doubles events, the same ones for the same seed", () => {
    const plan = { seed: 7, lost: 0.3, delayed: { rate: 0.5, upToMs: 9_000 }, duplicated: { rate: 0.4, upToMs: 500 } };
    const fates = ({ aws }: ReturnType<typeof newAws>) =>
      Array.from({ length: 200 }, () => interferenceOf(aws)?.deliveries(delivery) ?? []);

    const first = fates(newAws(plan));

    expect(fates(newAws(plan))).toEqual(first);
    expect(fates(newAws({ ...plan, seed: 8 }))).not.toEqual(first);
    expect(new Set(first.map(({ length }) => length))).toEqual(new Set([0, 1, 2]));
    expect(first.some(([late = 0]) => late > 1_000)).toBe(true);
  });
});
