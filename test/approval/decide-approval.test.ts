import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ApprovalSituation,
  decideApproval,
  dependsOnAnswers,
  followApproval,
  type GivenAnswer,
  isOverdue,
  judgeAnswer,
  sayMissing,
} from "../../core/approval/decide-approval.ts";
import type { Channel } from "../../core/factory/channel-schema.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import type { Answer } from "../../events/approval.ts";
import type { Trigger } from "../../events/build.ts";
import factory from "../../factory.config.ts";

const at = "2026-04-16T08:00:00.000Z";
const later = "2026-04-17T08:00:00.000Z";

const situation = (changes: Partial<ApprovalSituation> = {}): ApprovalSituation => ({
  approvers: ["ada", "grace", "linus"],
  required: 1,
  expiresAt: later,
  requesters: [],
  counted: [],
  ...changes,
});

const approved = (person: string): Answer => ({ person, verdict: "approved", via: "slack", at });
const given = (changes: Partial<GivenAnswer> = {}): GivenAnswer => ({
  identity: { slack: "U012AB3CD" },
  people: ["ada"],
  verdict: "approved",
  at,
  ...changes,
});

describe("an answer", () => {
  test("counts for the approver with that identity in Slack or IAM", () => {
    expect(judgeAnswer(situation(), given())).toEqual({ outcome: "counted", person: "ada" });
  });

  test.each([
    ["of a stranger", situation(), given({ people: [] }), "unknown-person", "the Slack user U012AB3CD"],
    [
      "of a principal that matches two names",
      situation(),
      given({ people: ["ada", "grace"] }),
      "ambiguous-person",
      "ada, grace",
    ],
    [
      "of a person who is not an approver",
      situation(),
      given({ people: ["eve"] }),
      "not-an-approver",
      "ada, grace, linus",
    ],
    ["that comes late", situation(), given({ at: "2026-04-17T08:00:00.001Z" }), "expired", later],
    [
      "that was given before, elsewhere",
      situation({ required: 2, counted: [approved("ada")] }),
      given({ identity: { principal: "arn:aws:iam::111122223333:user/ada" } }),
      "answered-already",
      "ada already approved it",
    ],
    [
      "after the decision",
      situation({ decided: { verdict: "granted" }, counted: [approved("grace")] }),
      given(),
      "decided",
      "already granted: approved by grace (slack)",
    ],
    ["about a build that moved on", situation({ over: "1.2.3/4 takes its place" }), given(), "moved-on", "1.2.3/4"],
  ] as const)("%s is refused, and says why", (_, asked, answer, code, why) => {
    expect(judgeAnswer(asked, answer)).toEqual({ outcome: "refused", code, reason: expect.stringContaining(why) });
  });

  test("can be replaced by a rejection while nothing is decided", () => {
    const asked = situation({ required: 2, counted: [approved("ada")] });

    expect(judgeAnswer(asked, given({ verdict: "rejected" }))).toEqual({ outcome: "counted", person: "ada" });
  });
});

describe("the two-person rule", () => {
  test("requires different approvers", () => {
    const one = situation({ required: 2, counted: [approved("ada")] });

    expect(decideApproval(one)).toBeUndefined();
    expect(sayMissing(one)).toBe("1 more of grace, linus must approve");
    expect(decideApproval({ ...one, counted: [approved("ada"), approved("ada")] })).toBeUndefined();
    expect(decideApproval({ ...one, counted: [approved("ada"), approved("grace")] })).toBe("granted");
  });

  test("is not met by the build's requesters alone", () => {
    const both = situation({ required: 2, requesters: ["ada", "grace"], counted: ["ada", "grace"].map(approved) });

    expect(decideApproval(both)).toBeUndefined();
    expect(sayMissing(both)).toBe("ada, grace requested the build; one of linus must also approve");
    expect(decideApproval({ ...both, counted: [...both.counted, approved("linus")] })).toBe("granted");
  });

  test("reports when no remaining approver could approve", () => {
    const alone = situation({ approvers: ["ada"], requesters: ["ada"], counted: [approved("ada")] });

    expect(sayMissing(alone)).toBe("ada requested the build and no other approver is left: the request will expire");
  });
});

test("for all answers in all orders: a granted build has enough approvals, one of them not by a requester", () => {
  const person = fc.constantFrom("ada", "grace", "linus", "eve");
  const answers = fc.array(
    fc.record({ person, verdict: fc.constantFrom("approved" as const, "rejected" as const), late: fc.boolean() }),
  );
  fc.assert(
    fc.property(answers, fc.subarray(["ada", "grace"]), fc.constantFrom(1, 2), (all, requesters, required) => {
      let asked = situation({ required, requesters });
      for (const { person: name, verdict, late } of all) {
        const answer = given({ people: [name], verdict, at: late ? "2026-05-01T00:00:00.000Z" : at });
        const judgement = judgeAnswer(asked, answer);
        if (judgement.outcome === "refused") {
          expect(judgement.reason).not.toBe("");
          continue;
        }
        asked = { ...asked, counted: [...asked.counted, { person: judgement.person, verdict, via: "cli", at }] };
        const decision = decideApproval(asked);
        if (decision) asked = { ...asked, decided: { verdict: decision } };
      }
      const agreed = new Set(asked.counted.flatMap((one) => (one.verdict === "approved" ? [one.person] : [])));
      const refused = asked.counted.some((one) => one.verdict === "rejected");
      expect(agreed.has("eve")).toBe(false);
      const enough = agreed.size >= required && [...agreed].some((name) => !requesters.includes(name));
      expect(asked.decided?.verdict).toBe(refused ? "denied" : enough ? "granted" : undefined);
    }),
  );
});

const open = { expiresAt: "2026-04-19T08:00:00.000Z", remindAt: "2026-04-17T08:00:00.000Z" };
const quiet = { left: undefined, answered: false, over: false };
const onDay = (text: string) => new Date(`2026-04-${text}Z`);

test.each([
  ["is left alone while it waits for answers", open, quiet, onDay("16T08:00"), undefined],
  ["is asked again when it is time", open, quiet, onDay("17T08:00"), "remind"],
  ["is asked again once", { ...open, remindedAt: "2026-04-17T08:00:00Z" }, quiet, onDay("17T09:00"), undefined],
  ["is not asked again once an approver answered", open, { ...quiet, answered: true }, onDay("17T09:00"), undefined],
  ["without a reminder is never asked again", { expiresAt: open.expiresAt }, quiet, onDay("18T08:00"), undefined],
  ["is closed when its build goes no further", open, { ...quiet, over: true }, onDay("16T08:00"), "withdraw"],
  [
    "is left to those who are at it when an answer has just come",
    open,
    { ...quiet, left: "2026-04-16T08:00:00Z" },
    onDay("16T08:10"),
    undefined,
  ],
  [
    "is gone on with when an answer was left standing",
    open,
    { ...quiet, left: "2026-04-16T08:00:00Z" },
    onDay("16T08:16"),
    "resolve",
  ],
  [
    "is gone on with when a decision was left standing",
    { ...open, decided: { verdict: "granted" as const, at: "2026-04-16T08:00:00Z" } },
    quiet,
    onDay("16T08:16"),
    "resolve",
  ],
  ["is ended when its promotion did not", open, quiet, onDay("19T08:16"), "resolve"],
])("an approval %s", (_, open, seen, now, wanted) => {
  expect(followApproval(open, seen, now)).toBe(wanted);
});

test("an approval is overdue only without a decision and after the promotion had time to end by itself", () => {
  expect(isOverdue(open, onDay("19T08:10"))).toBe(false);
  expect(isOverdue(open, onDay("19T08:16"))).toBe(true);
  expect(isOverdue({ ...open, decided: { verdict: "denied", at: "x" } }, onDay("19T08:16"))).toBe(false);
});

test.each([
  ["a reminder is due, whether or not an answer is announced", "remind", false, true],
  ["an answer is announced and nothing else is to do", undefined, true, true],
  ["an answer is announced, but the approval is closed anyway", "withdraw", true, false],
  ["an answer is announced, but the approval is passed on anyway", "resolve", true, false],
  ["no answer is announced", undefined, false, false],
] as const)("whether the answers are read, if %s", (_, wanted, announced, isRead) => {
  expect(dependsOnAnswers(wanted, { announced })).toBe(isRead);
});

const image = factory.images["ubuntu-2404-base"]!;
const share = { organization: true as const, organizationalUnits: [], accounts: [] };
const asUsual = { urgent: "as usual" as const };
const approval = { approvers: ["ada"], required: 1, timeout: 7200, remindAfter: 3600, ...asUsual };
const people = { ada: { slack: "U012AB3CD", principals: [] }, grace: { slack: "U045EF6GH", principals: [] } };

const plan = (channels: Channel[], needsApproval = false, triggers: readonly Trigger[] = []) =>
  planPromotion({ ...factory, people }, { ...image, channels }, { needsApproval, triggers }).channels.map(
    (one) => one.approval,
  );

const candidate = { name: "candidate", share, soak: { usual: 0, urgent: 0 } };
const stable = { name: "stable", share, soak: { usual: 0, urgent: 0 } };

test("approvers are asked before the channels that require approval", () => {
  expect(plan([candidate, { ...stable, approval }])).toEqual([
    undefined,
    { approvers: ["ada"], required: 1, timeoutSeconds: 7200, remindAfterSeconds: 3600 },
  ]);
});

test("what the gate leaves to approvers is asked before the first channel, of those who approve later ones", () => {
  const [first, second] = plan([candidate, { ...stable, approval }], true);

  expect(first).toEqual(second);
});

test("without channel approvers, the gate's question goes to everyone listed in the config", () => {
  expect(plan([candidate, stable], true)).toEqual([
    { approvers: ["ada", "grace"], required: 2, timeoutSeconds: 3 * 86_400 },
    undefined,
  ]);
});

test("two approvals are required unless the requesters are known or the config sets a number", () => {
  const principal = "arn:aws:sts::111122223333:assumed-role/Platform/ada";
  const known = { ...people, ada: { slack: "U012AB3CD", principals: [principal] } };
  const schedule = { kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" } as const;
  const manual = { kind: "manual", requestedBy: "ada" } as const;
  const required = (more: object, ...triggers: Trigger[]) =>
    planPromotion(
      { ...factory, people: known },
      {
        ...image,
        channels: [{ ...stable, approval: { approvers: ["ada", "grace"], timeout: 7200, ...asUsual, ...more } }],
      },
      { triggers },
    ).channels[0]?.approval?.required;

  expect(required({}, { ...manual, principal })).toBe(1);
  expect([required({}), required({}, schedule), required({}, manual)]).toEqual([2, 2, 2]);
  expect(required({}, { ...manual, principal }, schedule)).toBe(2);
  expect(required({ required: 1 }, schedule)).toBe(1);
  expect(required({ required: 2 }, { ...manual, principal })).toBe(2);
});
