import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ApprovalSituation,
  decideApproval,
  type GivenAnswer,
  judgeAnswer,
  sayMissing,
} from "../../core/approval/decide-approval.ts";
import type { Answer } from "../../events/approval.ts";

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
